package fanout.app.service.crawl;

import fanout.app.config.BadJobException;
import fanout.app.metrics.CrawlResult;
import fanout.app.service.run.Continuation;
import fanout.app.service.run.CrawlLog;
import fanout.app.service.run.CrawlTask;
import fanout.app.service.run.LiveCrawls;
import fanout.app.service.run.RunEnds;
import fanout.app.store.CrawlEnd;
import fanout.app.store.CrawlFolder;
import fanout.app.store.CrawlRecord;
import fanout.app.store.CrawlState;
import fanout.app.store.DataFolder;
import fanout.app.store.KeptReport;
import fanout.app.store.OwnFiles;
import fanout.job.Limits;
import fanout.outcome.Reason;
import fanout.report.FinishReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a service does before its first request, about crawls that the end of an earlier process has left: those that
 * waited wait again, those that ran resume, unless they ran at two unclean ends of the service and are held, and those
 * that cannot are lost, with what they had written.
 *
 * @param resumes whether crawls resume by themselves
 */
record Recovery(DataFolder data, Crawls crawls, CrawlQueue queue, LiveCrawls live, RunEnds ends, boolean resumes) {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final int MOST_UNCLEAN_ENDS = 2;
    static final String CANNOT_USE = "its files cannot be used: ";
    private static final String HOLD =
            "it was running both times that the service last ended without an orderly stop, and for "
                    + "less than ten minutes in between, so it may be the cause; continue it, or cancel it";

    void run() throws IOException {
        for (CrawlRecord crawl : data.history().live()) {
            try {
                recover(crawl);
            } catch (IOException e) {
                LOG.warn("the files of crawl {} cannot be used", crawl.id(), e); // those of the others can
                ends.endedEarlier(crawl, new CrawlEnd(CrawlState.LOST, Instant.now(), Optional.empty(),
                        Optional.of(CANNOT_USE + e.getMessage()), Optional.empty(), 0),
                        CrawlResult.LOST);
            }
        }
    }

    private void recover(CrawlRecord crawl) throws IOException {
        Optional<String> odd = data.crawl(crawl.id()).odd();
        if (odd.isPresent()) { // not even its report says how it ended
            end(crawl, CrawlState.LOST, CrawlResult.LOST, CANNOT_USE + odd.get());
            return;
        }
        switch (crawl.state()) {
            case QUEUED -> add(crawl, earlier(crawl), CrawlState.QUEUED);
            case RUNNING, DRAINING -> goOn(crawl);
            case HELD -> add(crawl, earlier(crawl), CrawlState.HELD);
            case FINISHED, FAILED, CANCELLED, LOST -> throw new IllegalStateException("has ended: " + crawl);
        }
    }

    /** It may have run before, and been resumed. */
    private Continuation.Possible earlier(CrawlRecord crawl) throws IOException {
        return switch (Continuation.of(data.crawl(crawl.id()))) {
            case Continuation.Possible earlier -> earlier;
            // its run begins again, or says why it cannot
            case Continuation.Hindered _ -> new Continuation.Possible(0, 0, 0, 0, 0);
        };
    }

    /** @param state whether it waits for its turn, or is held */
    private void add(CrawlRecord crawl, Continuation.Possible earlier, CrawlState state) throws IOException {
        try {
            CrawlTask task = new CrawlTask(crawl.id(), crawls.job(crawl), data.crawl(crawl.id()), earlier, state);
            live.add(task);
            if (state == CrawlState.QUEUED) {
                queue.addAgain(task);
            }
        } catch (BadJobException e) {
            end(crawl, CrawlState.FAILED, CrawlResult.ERROR,
                    "the job is not valid any more under the configuration of the service: " + e.getMessage());
        } catch (IOException e) {
            LOG.warn("the job of crawl {} cannot be read", crawl.id(), e);
            end(crawl, CrawlState.LOST, CrawlResult.LOST, "its job cannot be read"
                    + (e instanceof OwnFiles.UnusableException unusable ? ": " + unusable.why() : ""));
        }
    }

    private void goOn(CrawlRecord crawl) throws IOException {
        CrawlFolder folder = data.crawl(crawl.id());
        Optional<CrawlEnd> end = FoundCrawls.endByReport(folder).filter(known -> !isSuspended(crawl, known));
        if (end.isPresent()) {
            ends.endedEarlier(crawl, end.get(), resultOf(crawl, end.get()));
            return;
        }
        Continuation continuation = Continuation.of(folder);
        if (resumes && !crawl.endWanted() && continuation instanceof Continuation.Possible earlier) {
            resume(crawl, earlier);
            return;
        }
        WholeLines.cut(folder.pages());
        WholeLines.cut(folder.items());
        WholeLines.cut(folder.links());
        WholeLines.cut(folder.bodyLines());
        if (crawl.endWanted()) {
            end(crawl, CrawlState.CANCELLED, CrawlResult.CANCELLED,
                    "the service ended while the crawl was being cancelled");
        } else {
            end(crawl, CrawlState.LOST, CrawlResult.LOST,
                    "the service ended before the crawl did, and " + switch (continuation) {
                        case Continuation.Hindered(String reason) -> reason;
                        case Continuation.Possible _ -> "resumeOnStart is off";
                    });
        }
    }

    /**
     * A crawl that may be what ends the service, by a crash or because it outlasts every stop, does not resume by
     * itself.
     */
    private void resume(CrawlRecord crawl, Continuation.Possible earlier) throws IOException {
        int uncleanEnds = crawl.ends().suspended() ? 0 : crawl.ends().unclean() + 1;
        boolean isHeld = uncleanEnds >= MOST_UNCLEAN_ENDS;
        if (isHeld) {
            data.history().held(crawl.id(), uncleanEnds, HOLD);
            CrawlLog.held(crawl.id(), crawl.name(), HOLD);
        } else {
            data.history().requeued(crawl.id(), uncleanEnds);
            CrawlLog.resumed(crawl.id(), crawl.name(), "by the start of the service");
        }
        add(crawl, earlier, isHeld ? CrawlState.HELD : CrawlState.QUEUED);
    }

    /** Whether a service that stopped has interrupted it, or one that crashed while a person was cancelling it. */
    private static boolean isSuspended(CrawlRecord crawl, CrawlEnd end) {
        return end.state() == CrawlState.CANCELLED && (crawl.state() == CrawlState.DRAINING || crawl.endWanted());
    }

    /** What a crawl has come to whose report says how it ended. */
    private CrawlResult resultOf(CrawlRecord crawl, CrawlEnd end) throws IOException {
        return switch (end.state()) {
            case FINISHED -> {
                KeptReport report = KeptReport.read(data.crawl(crawl.id()));
                long ok = report.accounting().getOrDefault("ok", 0L);
                long lost = report.accounting().getOrDefault("failed", 0L)
                        + report.reasons().getOrDefault(Reason.CIRCUIT_OPEN.label(), 0L);
                boolean late = end.finishReason().equals(Optional.of(FinishReason.MAX_DURATION.label()));
                yield ok == 0 && !late ? CrawlResult.NO_RESULTS
                        : CrawlResult.hasTooManyFailed(ok, lost, limits(crawl)) ? CrawlResult.TOO_MANY_FAILED
                                : late ? CrawlResult.DEADLINE
                                        : end.verdict().broken().isPresent() ? CrawlResult.EXPECTATION
                                                : CrawlResult.SUCCESS;
            }
            case CANCELLED -> CrawlResult.CANCELLED;
            case LOST -> CrawlResult.LOST;
            case FAILED, QUEUED, RUNNING, DRAINING, HELD -> CrawlResult.ERROR;
        };
    }

    /** Those that it ran under, or the usual ones if its job is not valid any more. */
    private Limits limits(CrawlRecord crawl) throws IOException {
        try {
            return crawls.job(crawl).limits();
        } catch (BadJobException e) {
            LOG.debug("the limits of crawl {} are not valid any more", crawl.id(), e);
            return Limits.DEFAULT;
        }
    }

    /** A report, which is that of the last run, has better figures than the history: those of a look while it ran. */
    private void end(CrawlRecord crawl, CrawlState state, CrawlResult result, String reason) throws IOException {
        CrawlFolder folder = data.crawl(crawl.id());
        Optional<String> figures = FoundCrawls.endByReport(folder).flatMap(CrawlEnd::progress);
        ends.endedEarlier(crawl, new CrawlEnd(state, Instant.now(), Optional.empty(), Optional.of(reason), figures,
                folder.bytes()), result);
    }

    /** Cuts the line off a file that a crash has left half written. */
    static final class WholeLines {

        private static final int PIECE = 64 << 10;

        private WholeLines() {}

        /** Leaves the file with whole lines; nothing happens if it is not there. */
        static void cut(Path path) throws IOException {
            try (FileChannel file = OwnFiles.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                file.truncate(endOfLastLine(file));
            } catch (NoSuchFileException e) {
                // the crawl had no lines
            }
        }

        private static long endOfLastLine(FileChannel file) throws IOException {
            for (long end = file.size(); end > 0; end -= Math.min(PIECE, end)) {
                ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, end));
                long start = end - piece.capacity();
                while (piece.hasRemaining() && file.read(piece, start + piece.position()) >= 0) {
                    // until the piece is full
                }
                for (int i = piece.position() - 1; i >= 0; i--) {
                    if (piece.get(i) == '\n') {
                        return start + i + 1;
                    }
                }
            }
            return 0;
        }
    }
}
