package fanout.app.run;

import fanout.Crawl;
import fanout.journal.Journal;
import fanout.report.CrawlReport;
import fanout.sink.Sink;
import fanout.sink.Tee;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs one crawl from its first file to its last, for the command line as for the service: opens the journal, then the
 * results, makes the crawl, runs it, closes the results, has the report written, and closes the journal. What was
 * opened is closed however the crawl ends. What differs between the two is {@link Parts}.
 *
 * <p>Used once, by the thread that runs the crawl.
 *
 * @param parts called by that thread
 */
public record CrawlExecution(Parts parts) {

    /** Opens one of the sinks of a crawl. */
    @FunctionalInterface
    public interface Opening {
        Sink open() throws IOException;
    }

    /**
     * What a crawl is made of, and who is told how it goes. An unchecked exception of any of these ends the execution.
     */
    public interface Parts {

        /** Opens the journal; empty if the crawl keeps none. */
        Optional<Journal> openJournal() throws IOException;

        /**
         * Returns the sinks that get the outcomes, in the order in which they are opened.
         *
         * @param isResumable whether they are those of a crawl with a journal, which says how much of their files
         *     counts
         */
        List<Opening> results(boolean isResumable);

        /** Makes the crawl, which runs as soon as this has returned it. */
        Crawl newCrawl(Sink results, Optional<Journal> journal) throws IOException;

        /** A journal or a sink cannot be used, so the crawl has not run; the results are closed. */
        void notBegun(IOException why);

        /**
         * The crawl has run; its results are still open.
         *
         * @param report empty if an error kept the crawl from making one
         * @param thrown what {@link Crawl#run} has thrown
         */
        void ran(Optional<CrawlReport> report, Optional<Throwable> thrown);

        /** A journal or a sink cannot be closed: what was written last may be missing. */
        void notClosed(IOException why);

        /** The results of a crawl that has run are closed, and its report is due; the journal is still open. */
        void writeReport();
    }

    /** Runs the crawl to its end. */
    public void run() {
        Optional<Journal> journal;
        try {
            journal = parts.openJournal();
        } catch (IOException e) {
            parts.notBegun(e);
            return;
        }
        try (Part _ = closing(() -> close(journal))) {
            crawl(journal);
        }
    }

    private void crawl(Optional<Journal> journal) {
        try {
            Sink results = openAll(parts.results(journal.isPresent()));
            try (Part _ = closing(results::close)) {
                Crawl crawl = parts.newCrawl(results, journal);
                Optional<Throwable> thrown = Optional.empty();
                try {
                    crawl.run();
                } catch (InterruptedException | RuntimeException | Error e) {
                    thrown = Optional.of(e);
                }
                parts.ran(crawl.report(), thrown);
            }
        } catch (IOException e) {
            parts.notBegun(e);
            return;
        }
        parts.writeReport();
    }

    /** Opens all sinks, as one, or none. */
    static Sink openAll(List<Opening> openings) throws IOException {
        List<Sink> open = new ArrayList<>();
        try {
            for (Opening opening : openings) {
                open.add(opening.open());
            }
            return Tee.of(open);
        } catch (IOException | RuntimeException | Error e) {
            try (Sink _ = Tee.of(open)) {
                throw e;
            }
        }
    }

    private static void close(Optional<Journal> journal) throws IOException {
        if (journal.isPresent()) {
            journal.get().close();
        }
    }

    /** An open part of the crawl. Closing it hands an {@link IOException} to {@link Parts#notClosed}. */
    private interface Part extends AutoCloseable {
        @Override
        void close();
    }

    private Part closing(Closeable part) {
        return () -> {
            try {
                part.close();
            } catch (IOException e) {
                parts.notClosed(e);
            }
        };
    }
}
