package fanout.app.service.crawl;

import fanout.app.config.BadJobException;
import fanout.app.service.run.Continuation;
import fanout.app.service.run.CrawlLog;
import fanout.app.service.run.CrawlTask;
import fanout.app.service.run.LiveCrawls;
import fanout.app.store.CrawlEnd;
import fanout.app.store.CrawlRecord;
import fanout.app.store.DataFolder;
import fanout.job.CrawlJob;
import java.io.IOException;
import java.util.Optional;

/**
 * Goes on with crawls that have ended. One request at a time has a crawl, from the look at its journal to its place in the queue;
 * what fails before that leaves the crawl ended, as it was. Thread-safe.
 */
record Resumer(DataFolder data, StoredJobs jobs, CrawlQueue queue, LiveCrawls live, Claims claims) {

    /** As {@link Crawls#resume}. */
    Resumption resume(String id, Optional<byte[]> limits) throws IOException, BadJobException {
        if (live.isStopping()) {
            return new Resumption.Stopping(live.all().size());
        }
        try (Claims.Claim claim = claims.claim(id)) {
            if (claim == null) {
                return new Resumption.Hindered("another request is resuming or deleting it at this moment; try again");
            }
            Optional<CrawlRecord> found = data.history().find(id); // anew: it may have gone on, and ended, since it was found
            return found.isEmpty() ? new Resumption.Gone(id) : resume(found.get(), limits);
        }
    }

    private Resumption resume(CrawlRecord ended, Optional<byte[]> limits) throws IOException, BadJobException {
        if (!ended.state().isEnded()) {
            return new Resumption.Hindered("it has not ended: it is " + ended.state().label());
        }
        return switch (Continuation.of(data.crawl(ended.id()))) {
            case Continuation.Hindered(String reason) -> new Resumption.Hindered(reason);
            case Continuation.Possible earlier -> resume(ended, limits, earlier);
        };
    }

    private Resumption resume(CrawlRecord ended, Optional<byte[]> limits, Continuation.Possible earlier)
            throws IOException, BadJobException {
        CrawlJob job = limits.isPresent() ? jobs.of(ended, limits) : jobs.of(ended);
        if (earlier.okPages() >= job.limits().maxPages()) {
            return new Resumption.Hindered(reached(earlier.okPages(), job.limits().maxPages()));
        }
        if (!queue.reserve()) {
            return new Resumption.Full(queue.size());
        }
        boolean added = false;
        try {
            CrawlRecord waiting = waiting(ended, limits);
            CrawlTask task = new CrawlTask(ended.id(), job, data.crawl(ended.id()), earlier);
            live.add(task);
            CrawlLog.resumed(ended.id(), ended.name(),
                    limits.isPresent() ? "by a request, with new limits" : "by a request");
            queue.add(task);
            added = true;
            return new Resumption.Accepted(waiting);
        } finally {
            if (!added) {
                queue.giveBack();
            }
        }
    }

    /** A run would end before its first fetch. The other limits are those of one run, or of one URL. */
    private String reached(long okPages, long maxPages) {
        long most = jobs.bounds().limits().maxPages();
        return "it has " + okPages + " ok pages, and its limits.maxPages is " + maxPages + (okPages < most
                ? "; give a larger one, of at most " + most + ", as in {\"limits\": {\"maxPages\": "
                        + Math.min(most, 2 * okPages) + "}}"
                : "; this service allows no job more than " + most);
    }

    /** Says in the history that the crawl waits again, with the limits that hold from now on. */
    private CrawlRecord waiting(CrawlRecord ended, Optional<byte[]> limits) throws IOException {
        try (NewLimits written = NewLimits.write(data.crawl(ended.id()), limits)) {
            if (!data.history().resumed(ended.id())) {
                throw new IllegalStateException("changed by another request: " + ended);
            }
            try {
                CrawlRecord waiting = data.history().find(ended.id()).orElseThrow();
                written.apply();
                return waiting;
            } catch (IOException e) {
                takeBack(ended, e);
                throw e;
            }
        }
    }

    private void takeBack(CrawlRecord ended, IOException cause) {
        try {
            data.history().ended(ended.id(), CrawlEnd.of(ended));
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }
}
