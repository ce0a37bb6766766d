package fanout.app.reportpage;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.json.Json;
import fanout.app.terminal.FileProblem;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Reads the outputs of a run, and of the one before. Pages and links are read twice: once to count, and once for the
 * words of what is shown. So memory does not grow with texts, and what grows with the number of URLs is in tables with
 * a budget. Confined to one thread.
 */
final class RunReading {

    private static final Set<String> LINK_COLUMNS = Set.of("from", "to", "text");
    private static final int MOST_REPORT_BYTES = 16 << 20;
    /** One part of so many of the memory is for texts, the others are for tables. */
    private static final int PART_OF_TEXTS = 3;
    private static final int PAGES_OF_GROUP = 25;
    private static final int LINKS_OF_ROW = 100;
    private static final int MOST_LINKS = 20_000;

    private final RunFiles run;
    private final Optional<RunFiles> before;
    private final Keys keys = new Keys();
    private final List<String> notes = new ArrayList<>();
    private final List<Texts> texts;
    private final Figures figures;
    private final Duplicates titles;
    private final Duplicates contents;
    private final Targets targets;
    private final Changes changes;
    private final ItemFields fields;
    private final Earlier earlier;
    private Optional<JsonNode> reportBefore = Optional.empty();
    private long lines;
    private long linkLines;

    private RunReading(RunFiles run, Optional<RunFiles> before, int rows, long bytes) {
        LongTable.Budget budget = new LongTable.Budget(bytes - bytes / PART_OF_TEXTS);
        // each has its own, or the first that is read would leave none for broken links
        this.texts = List.of(new Texts(bytes / PART_OF_TEXTS / 2), new Texts(bytes / PART_OF_TEXTS / 4),
                new Texts(bytes / PART_OF_TEXTS / 4));
        this.run = run;
        this.before = before;
        this.figures = new Figures(rows);
        this.titles = new Duplicates(budget, texts.get(1), rows, PAGES_OF_GROUP);
        this.contents = new Duplicates(budget, texts.get(1), rows, PAGES_OF_GROUP);
        this.targets = new Targets(budget, texts.get(0), new Targets.Limits(rows, LINKS_OF_ROW, MOST_LINKS), keys);
        this.changes = new Changes(budget, texts.get(2), keys, rows);
        this.fields = new ItemFields(run.itemsFile().filter(file -> file.name().contains(".csv")).isPresent());
        this.earlier = new Earlier(new Figures(0), new ItemFields(false));
    }

    /** What the run before adds up to. */
    record Earlier(Figures figures, ItemFields fields) {}

    /** What is known of links. */
    record Links(boolean areKnown, long lines, Targets targets) {}

    /** Pages with the same title, and with the same content. */
    record Same(Duplicates titles, Duplicates contents) {}

    /**
     * What the page shows.
     *
     * @param report the report as JSON; empty if there is none
     * @param earlier empty if there is no run before
     * @param notes what a reader should know of the files, in sentences
     */
    record Run(
            Optional<JsonNode> report,
            Figures figures,
            Same same,
            Links links,
            Optional<ItemFields> fields,
            Optional<Since> earlier,
            List<String> notes) {

        Run {
            notes = List.copyOf(notes);
        }
    }

    /** The run before, and what has changed since. */
    record Since(Optional<JsonNode> report, Earlier earlier, Changes changes) {}

    /**
     * Reads the outputs. If those of the run before cannot be read, a note says so instead of a comparison.
     *
     * @param rows entries of a list at most
     * @param bytes memory of the tables
     * @throws UnreadableRunException if a file of the run cannot be read
     */
    static Run read(RunFiles run, Optional<RunFiles> before, int rows, long bytes)
            throws UnreadableRunException, InterruptedException {
        RunReading compared = new RunReading(run, before, rows, bytes);
        try {
            compared.learnBefore();
        } catch (UnreadableRunException e) {
            RunReading alone = new RunReading(run, Optional.empty(), rows, bytes);
            alone.notes.add("This run is not compared with the one before, which cannot be read: " + e.getMessage());
            return alone.read();
        }
        return compared.read();
    }

    private void learnBefore() throws UnreadableRunException, InterruptedException {
        if (before.isPresent()) {
            reportBefore = report(before.get());
            pages(before.get(), line -> {
                earlier.figures.add(line);
                changes.learn(line);
            }, true);
            readItems(before.get(), earlier.fields);
        }
    }

    private Run read() throws UnreadableRunException, InterruptedException {
        Optional<JsonNode> report = report(run);
        if (report.isEmpty()) {
            notes.add("There is no " + run.report().getFileName() + ": the crawl is at work, or it was killed, and "
                    + "then crawl --resume completes it. This page shows what was written so far.");
        }
        ResultFile.Read pages = pages(run, this::count, true);
        lines = pages.rows();
        boolean areLinksKnown = run.links().isPresent();
        if (areLinksKnown) {
            linkLines = links((row, from, to) -> targets.count(from, to), true).rows();
        }
        titles.choose();
        contents.choose();
        targets.choose();
        pages(run, line -> collect(line, areLinksKnown), false);
        if (areLinksKnown) {
            links((row, from, to) -> targets.collect(from, to, Texts.cut(row.text("text"))), false);
        }
        readItems(run, fields);
        if (before.isPresent()) {
            pages(before.get(), changes::findGone, false);
        }
        report.ifPresent(this::compareWithReport);
        noteMemory();
        Optional<Since> since = before.map(_ -> new Since(reportBefore, earlier, changes));
        return new Run(report, figures, new Same(titles, contents), new Links(areLinksKnown, linkLines, targets),
                run.items().map(_ -> fields), since, notes);
    }

    private void count(PageLine line) {
        figures.add(line);
        targets.learn(line);
        changes.compare(line);
        if (line.kind() == PageLine.Kind.PAGE && !line.found().isExternal()) {
            if (line.answer().title() != null) {
                titles.count(keys.of(line.answer().title()));
            }
            if (line.answer().contentHash() != null) {
                contents.count(keys.of(line.answer().contentHash()));
            }
        }
    }

    private void collect(PageLine line, boolean areLinksKnown) {
        targets.collect(line, areLinksKnown);
        if (line.kind() == PageLine.Kind.PAGE && !line.found().isExternal()) {
            String title = line.answer().title();
            if (title != null) {
                titles.collect(keys.of(title), Texts.cut(title), line.url());
            }
            if (line.answer().contentHash() != null) {
                contents.collect(keys.of(line.answer().contentHash()), Texts.cut(title), line.url());
            }
        }
    }

    /** @param isNoted whether a last line without its end is said; once is enough */
    private ResultFile.Read pages(RunFiles files, Consumer<PageLine> consumer, boolean isNoted)
            throws UnreadableRunException, InterruptedException {
        long[] odd = new long[1];
        ResultFile.Read read = files.pagesFile().read(PageLine.COLUMNS, row -> {
            PageLine line = PageLine.of(row, keys);
            if (line == null) {
                odd[0]++;
            } else {
                consumer.accept(line);
            }
        });
        if (odd[0] > 0 && read.rows() == odd[0]) {
            throw new UnreadableRunException(files.pages() + " has no pages of a crawl: its lines have no url and "
                    + "outcome; name the file that has them by --pages");
        }
        if (isNoted) {
            note(files.pagesFile(), read, odd[0]);
        }
        return read;
    }

    private void note(ResultFile file, ResultFile.Read read, long odd) {
        if (read.isCutOff()) {
            notes.add("The last line of " + file.path() + " has no end and is left out: the crawl is at work, or it "
                    + "was killed, and then crawl --resume completes it.");
        }
        if (odd > 0) {
            notes.add(Words.count(odd, "line", "lines") + " of " + file.path()
                    + " without the columns that every line has " + (odd == 1 ? "is" : "are") + " left out.");
        }
    }

    /** Takes a link. */
    @FunctionalInterface
    private interface LinkConsumer {
        void take(Row row, String from, String to);
    }

    private ResultFile.Read links(LinkConsumer consumer, boolean isNoted)
            throws UnreadableRunException, InterruptedException {
        long[] odd = new long[1];
        ResultFile file = run.linksFile().orElseThrow();
        ResultFile.Read read = file.read(LINK_COLUMNS, row -> {
            String from = row.text("from");
            String to = row.text("to");
            if (from == null || to == null) {
                odd[0]++;
            } else {
                consumer.take(row, from, to);
            }
        });
        if (isNoted) {
            note(file, read, odd[0]);
        }
        return read;
    }

    private void readItems(RunFiles files, ItemFields into) throws UnreadableRunException, InterruptedException {
        Optional<ResultFile> file = files.itemsFile();
        if (file.isPresent()) {
            note(file.get(), file.get().read(Set.of(), into::add), 0);
        }
    }

    private static Optional<JsonNode> report(RunFiles files) throws UnreadableRunException, InterruptedException {
        if (!Files.isRegularFile(files.report())) {
            return Optional.empty();
        }
        try (InputStream in = files.opening().open(files.report())) {
            byte[] content = in.readNBytes(MOST_REPORT_BYTES);
            Optional<JsonNode> read = Json.read(content).filter(JsonNode::isObject);
            if (read.isEmpty()) {
                throw new UnreadableRunException(files.report() + " is not the report of a crawl ("
                        + new String(content, 0, Math.min(20, content.length), UTF_8).replaceAll("\\s+", " ")
                        + "): name the file that is by --report, or delete it");
            }
            return read;
        } catch (InterruptedIOException | ClosedByInterruptException e) {
            throw (InterruptedException) new InterruptedException("reading was given up").initCause(e);
        } catch (IOException e) {
            throw new UnreadableRunException("cannot read " + files.report() + ": "
                    + FileProblem.reason(files.report(), e));
        }
    }

    /** A report of another run would have figures that do not fit the rest of the page. */
    private void compareWithReport(JsonNode report) {
        long discovered = report.at("/accounting/discovered").asLong(lines);
        if (discovered != lines) {
            notes.add(run.report().getFileName() + " counts " + Words.count(discovered, "URL", "URLs") + ", and "
                    + run.pages().getFileName() + " has " + Words.count(lines, "line", "lines")
                    + ": they are not of the same run, or the crawl is at work.");
        }
    }

    private void noteMemory() {
        boolean isPartial = titles.isPartial() || contents.isPartial() || targets.isPartial() || changes.isPartial()
                || texts.stream().anyMatch(Texts::isFull);
        if (isPartial) {
            notes.add("The run has more URLs than fit into the memory: duplicates, links, redirects and changes are "
                    + "those of the first. A larger heap has room for more, as with SCRAPER_JAVA_OPTS=-Xmx4g.");
        }
    }
}
