package fanout.app.service.crawl;

import fanout.app.config.ServiceSettings;
import fanout.app.store.CrawlRecord;
import fanout.app.store.DataFolder;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes crawls that have ended: those that are too old, and the oldest while the files of crawls that have ended
 * take too much. What a crawl takes that waits or runs does not count here: that has a quota of its own, by which it
 * ends before it costs another its results. Folders that no crawl of the history has are neither counted nor touched.
 * Confined to one thread.
 */
final class Retention {

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    private final DataFolder data;
    private final Crawls crawls;
    private final ServiceSettings.Retention kept;
    private volatile long usedBytes;

    Retention(DataFolder data, Crawls crawls, ServiceSettings.Retention kept) {
        this.data = data;
        this.crawls = crawls;
        this.kept = kept;
    }

    /** Deletes what must go. A crawl that cannot be measured or deleted does not keep the others. */
    void run() throws IOException {
        List<CrawlRecord> ended = data.history().ended();
        Map<String, Long> bytes = new HashMap<>();
        ended.forEach(crawl -> bytes.put(crawl.id(), bytes(crawl)));
        long used = bytes.values().stream().mapToLong(Long::longValue).sum();
        Instant oldest = Instant.now().minus(kept.maxAge());
        for (CrawlRecord crawl : ended) {
            boolean old = crawl.finishedAt().orElse(crawl.createdAt()).isBefore(oldest);
            if ((old || used > kept.maxBytes())
                    && isDeleted(crawl, old ? Crawls.DeletedFor.AGE : Crawls.DeletedFor.BYTES)) {
                used -= bytes.getOrDefault(crawl.id(), 0L);
            }
        }
        for (CrawlRecord crawl : data.history().live()) {
            used += bytes(crawl);
        }
        usedBytes = used;
    }

    private long bytes(CrawlRecord crawl) {
        try {
            return data.crawl(crawl.id()).bytes();
        } catch (IOException e) {
            LOG.warn("the files of crawl {} cannot be measured", crawl.id(), e);
            return crawl.bytes();
        }
    }

    private boolean isDeleted(CrawlRecord crawl, Crawls.DeletedFor why) {
        try {
            return crawls.delete(crawl.id(), why) == Crawls.Deletion.DONE;
        } catch (IOException e) {
            LOG.warn("crawl {} is to be deleted, and cannot be; tried again in a minute", crawl.id(), e);
            return false;
        }
    }

    /** What the files of all crawls took when they were last looked at. */
    long usedBytes() {
        return usedBytes;
    }

    /** What those of crawls that have ended may take. */
    long mostBytes() {
        return kept.maxBytes();
    }
}
