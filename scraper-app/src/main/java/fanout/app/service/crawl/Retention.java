package fanout.app.service.crawl;

import fanout.app.config.ServiceSettings;
import fanout.app.store.CrawlRecord;
import fanout.app.store.DataFolder;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Deletes crawls that have ended: those that are too old, and the oldest while the files take too much. Confined to one thread. */
final class Retention {

    private final DataFolder data;
    private final Crawls crawls;
    private final ServiceSettings.Retention kept;
    private volatile long usedBytes;

    Retention(DataFolder data, Crawls crawls, ServiceSettings.Retention kept) {
        this.data = data;
        this.crawls = crawls;
        this.kept = kept;
    }

    /** Deletes what must go. */
    void run() throws IOException {
        Map<String, Long> bytes = new HashMap<>();
        long used = 0;
        for (String id : data.folders()) {
            long ofOne = data.crawl(id).bytes();
            bytes.put(id, ofOne);
            used += ofOne;
        }
        Instant oldest = Instant.now().minus(kept.maxAge());
        List<CrawlRecord> ended = data.history().ended();
        for (CrawlRecord crawl : ended) {
            boolean old = crawl.finishedAt().orElse(crawl.createdAt()).isBefore(oldest);
            if ((old || used > kept.maxBytes()) && crawls.delete(crawl.id()) == Deletion.DONE) {
                used -= bytes.getOrDefault(crawl.id(), 0L);
            }
        }
        usedBytes = used;
    }

    /** What the files of all crawls took when they were last looked at. */
    long usedBytes() {
        return usedBytes;
    }

    long mostBytes() {
        return kept.maxBytes();
    }
}
