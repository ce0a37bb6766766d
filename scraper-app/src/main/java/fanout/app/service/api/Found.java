package fanout.app.service.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.config.document.ShownDocument;
import fanout.app.service.crawl.Crawls;
import fanout.app.service.http.RefusedException;
import fanout.app.service.http.ServiceRequest;
import fanout.app.service.run.CrawlTask;
import fanout.app.store.CrawlFolder;
import fanout.app.store.CrawlRecord;
import fanout.app.store.OwnFiles;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * The crawl that a path names.
 *
 * @param task empty if it does not wait or run
 */
record Found(CrawlRecord crawl, Optional<CrawlTask> task, CrawlFolder folder) {

    /**
     * Looks it up.
     *
     * @throws RefusedException 404 if it does not exist
     */
    static Found of(ServiceRequest request, Crawls crawls) throws RefusedException, IOException {
        Optional<CrawlTask> task = crawls.live(request.variable());
        Optional<CrawlRecord> crawl = crawls.find(request.variable()); // after the task: a task ends after its record
        CrawlRecord found = crawl.orElseThrow(() -> new RefusedException(404, "there is no crawl of this id"));
        return new Found(found, found.state().isEnded() ? Optional.empty() : task, crawls.folder(found));
    }

    /**
     * Returns the job as it may be shown.
     *
     * @throws RefusedException 404 if its file is missing
     * @throws OwnFiles.UnusableException if the file is no document, and what is secret in it is not known
     */
    String shownJob() throws RefusedException, IOException {
        byte[] text;
        try {
            text = OwnFiles.read(folder.job(), CrawlFolder.MOST_JOB_BYTES);
        } catch (NoSuchFileException e) {
            throw new RefusedException(404, "the job is gone");
        }
        return ShownDocument.of(new String(text, UTF_8))
                .orElseThrow(() -> OwnFiles.damaged(folder.job(), ShownDocument.UNREADABLE));
    }

    CrawlView view() {
        return CrawlView.of(crawl, task);
    }
}
