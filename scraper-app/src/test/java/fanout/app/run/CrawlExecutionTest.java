package fanout.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.Crawl;
import fanout.Scraper;
import fanout.job.CrawlJob;
import fanout.journal.Journal;
import fanout.outcome.Outcome;
import fanout.report.CrawlReport;
import fanout.sink.Sink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In which order a crawl's parts are opened, told of what happens, and closed, whatever fails. */
class CrawlExecutionTest {

    private static final CrawlJob JOB = CrawlJob.builder("test").startUrl("http://127.0.0.1:1/").build();

    @TempDir
    private Path folder;

    private final List<String> events = new ArrayList<>();
    private final Scraper scraper = Scraper.create();

    @AfterEach
    void close() {
        scraper.close();
    }

    /** Throws where a test wants it to, and keeps what it was called for. */
    private class Recorded implements CrawlExecution.Parts {

        private Optional<CrawlReport> report = Optional.empty();
        private Optional<Throwable> thrown = Optional.empty();

        @Override
        public Optional<Journal> openJournal() throws IOException {
            events.add("journal");
            return Optional.empty();
        }

        @Override
        public List<CrawlExecution.Opening> results(boolean isResumable) {
            return List.of(() -> new RecordedSink("pages"), () -> new RecordedSink("items"));
        }

        @Override
        public Crawl newCrawl(Sink results, Optional<Journal> journal) throws IOException {
            events.add("crawl");
            return scraper.crawl(JOB).to(results).build();
        }

        @Override
        public void notBegun(IOException why) {
            events.add("not begun: " + why.getMessage());
        }

        @Override
        public void ran(Optional<CrawlReport> made, Optional<Throwable> cause) {
            events.add("ran");
            report = made;
            thrown = cause;
        }

        @Override
        public void notClosed(IOException why) {
            events.add("not closed: " + why.getMessage());
        }

        @Override
        public void writeReport() {
            events.add("report");
        }
    }

    private class RecordedSink implements Sink {

        private final String name;

        private RecordedSink(String name) {
            this.name = name;
            events.add("open " + name);
        }

        @Override
        public void write(Outcome outcome) {}

        @Override
        public void flush() {}

        @Override
        public void close() throws IOException {
            events.add("close " + name);
        }
    }

    @Test
    void theReportIsWrittenWhenTheResultsAreClosed() {
        Recorded parts = new Recorded();
        new CrawlExecution(parts).run();
        assertThat(events).containsExactly("journal", "open pages", "open items", "crawl", "ran", "close items",
                "close pages", "report");
        assertThat(parts.report).isPresent();
        assertThat(parts.thrown).isEmpty();
    }

    @Test
    void aJournalThatCannotBeOpenedIsTheEnd() {
        new CrawlExecution(new Recorded() {
            @Override
            public Optional<Journal> openJournal() throws IOException {
                throw new IOException("no journal");
            }
        }).run();
        assertThat(events).containsExactly("not begun: no journal");
    }

    /** An open journal is no other crawl's. */
    @Test
    void theJournalIsClosedLastHoweverTheCrawlEnds() throws IOException {
        Path path = folder.resolve("crawl.journal");
        for (IOException refused : new IOException[]{new IOException("refused"), new IOException("again")}) {
            new CrawlExecution(new Recorded() {
                @Override
                public Optional<Journal> openJournal() throws IOException {
                    return Optional.of(Journal.resume(path));
                }

                @Override
                public Crawl newCrawl(Sink results, Optional<Journal> journal) throws IOException {
                    assertThat(journal).isPresent();
                    throw refused;
                }

                @Override
                public void notBegun(IOException why) {
                    super.notBegun(why);
                    assertThatThrownBy(() -> Journal.resume(path)).as("it is still open")
                            .isInstanceOf(
                                    IOException.class);
                }
            }).run();
        }
        assertThat(events).containsExactly("open pages", "open items", "close items", "close pages",
                "not begun: refused", "open pages", "open items", "close items", "close pages", "not begun: again");
    }

    @Test
    void whatIsOpenIsClosedWhenTheNextSinkCannotBeOpened() {
        new CrawlExecution(new Recorded() {
            @Override
            public List<CrawlExecution.Opening> results(boolean isResumable) {
                return List.of(() -> new RecordedSink("pages"), () -> {
                    throw new IOException("no items");
                });
            }
        }).run();
        assertThat(events).containsExactly("journal", "open pages", "close pages", "not begun: no items");
    }

    @Test
    void aBugBeforeTheCrawlClosesWhatIsOpenAndIsThrown() {
        IllegalStateException bug = new IllegalStateException("a bug");
        assertThatThrownBy(() -> new CrawlExecution(new Recorded() {
            @Override
            public Crawl newCrawl(Sink results, Optional<Journal> journal) {
                throw bug;
            }
        }).run()).isSameAs(bug);
        assertThat(events).containsExactly("journal", "open pages", "open items", "close items", "close pages");
    }

    /** Its report is due all the same; a crawl runs once, so one that has run throws. */
    @Test
    void whatACrawlThrowsIsToldWithItsReport() {
        Recorded parts = new Recorded() {
            @Override
            public Crawl newCrawl(Sink results, Optional<Journal> journal) throws IOException {
                Crawl crawl = super.newCrawl(results, journal);
                try {
                    crawl.run();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                return crawl;
            }
        };
        new CrawlExecution(parts).run();
        assertThat(events).endsWith("ran", "close items", "close pages", "report");
        assertThat(parts.thrown).containsInstanceOf(IllegalStateException.class);
        assertThat(parts.report).isPresent();
    }

    @Test
    void resultsThatCannotBeClosedAreToldBeforeTheReport() {
        new CrawlExecution(new Recorded() {
            @Override
            public List<CrawlExecution.Opening> results(boolean isResumable) {
                return List.of(() -> new RecordedSink("pages") {
                    @Override
                    public void close() throws IOException {
                        super.close();
                        throw new IOException("disk full");
                    }
                }, () -> new RecordedSink("items"));
            }
        }).run();
        assertThat(events).endsWith("ran", "close items", "close pages", "not closed: disk full", "report");
    }
}
