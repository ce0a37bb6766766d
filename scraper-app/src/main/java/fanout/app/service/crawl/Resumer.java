package fanout.app.service.crawl;

import fanout.app.config.BadJobException;
import fanout.app.store.CrawlEnd;
import fanout.app.store.CrawlFolder;
import fanout.app.store.CrawlRecord;
import fanout.app.store.DataFolder;
import fanout.job.CrawlJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * Goes on with crawls that have ended. Of several who want the same crawl the history chooses one; what fails after that leaves the
 * crawl ended, as it was. Thread-safe.
 */
record Resumer(DataFolder data, StoredJobs jobs, CrawlQueue queue, LiveCrawls live) {

    /** As {@link Crawls#resume}. */
    Resumption resume(CrawlRecord crawl, Optional<byte[]> limits) throws IOException, BadJobException {
        if (live.isStopping()) {
            return new Resumption.Stopping(live.all().size());
        }
        if (!crawl.state().isEnded()) {
            return new Resumption.Hindered("it has not ended: it is " + crawl.state().label());
        }
        try {
            return switch (Continuation.of(data.crawl(crawl.id()))) {
                case Continuation.Hindered(String reason) -> hindered(crawl, reason);
                case Continuation.Possible earlier -> resume(crawl, limits, earlier);
            };
        } catch (NoSuchFileException e) {
            if (data.history().find(crawl.id()).isEmpty()) {
                return new Resumption.Gone(crawl.id());
            }
            throw e;
        }
    }

    private Resumption hindered(CrawlRecord crawl, String reason) throws IOException {
        return data.history().find(crawl.id()).isEmpty() ? new Resumption.Gone(crawl.id())
                : new Resumption.Hindered(reason);
    }

    private Resumption resume(CrawlRecord crawl, Optional<byte[]> limits, Continuation.Possible earlier)
            throws IOException, BadJobException {
        CrawlFolder folder = data.crawl(crawl.id());
        CrawlJob job = limits.isPresent() ? jobs.of(crawl, limits) : jobs.of(crawl);
        if (!queue.reserve()) {
            return new Resumption.Full(queue.size());
        }
        boolean claimed = false;
        boolean added = false;
        try (NewLimits written = NewLimits.write(folder, limits)) {
            if (!data.history().resumed(crawl.id())) {
                return hindered(crawl, "it was resumed already");
            }
            claimed = true;
            written.apply();
            Files.deleteIfExists(folder.report());
            CrawlTask task = new CrawlTask(crawl.id(), job, folder, earlier);
            live.add(task);
            queue.add(task);
            added = true;
            return new Resumption.Accepted(data.history().find(crawl.id()).orElse(crawl));
        } finally {
            if (!added) {
                queue.giveBack();
                if (claimed) {
                    data.history().ended(crawl.id(), CrawlEnd.of(crawl)); // as it had before
                }
            }
        }
    }
}
