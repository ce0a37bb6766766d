package fanout.app.reportpage;

import fanout.app.reportpage.Figures.Counts;
import fanout.app.reportpage.PageLine.Kind;
import fanout.app.reportpage.PageTable.Cell;
import fanout.app.reportpage.PageTable.Column;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parts of the page about all URLs of a run: outcomes, sections, types, depths and times. Stateless. */
final class RunParts {

    private static final List<Long> BOUNDS_MS = List.of(0L, 20L, 50L, 100L, 200L, 500L, 1_000L, 2_000L, 5_000L, 10_000L,
            30_000L, Long.MAX_VALUE);
    private static final List<String> BOUNDS =
            List.of("< 20", "20 ms", "50", "100", "200", "500", "1 s", "2", "5", "10", "\u2265 30");
    private static final int DEPTHS = 16;

    private RunParts() {}

    private static List<Charts.Part> outcomes(Counts counts) {
        return List.of(new Charts.Part(counts.of(Kind.PAGE), "f-ok"),
                new Charts.Part(counts.of(Kind.REDIRECTED), "f-redirected"),
                new Charts.Part(counts.of(Kind.FAILED), "f-failed"),
                new Charts.Part(counts.of(Kind.LEFT), "f-skipped"));
    }

    private static List<String> names() {
        return List.of(Kind.PAGE.label(), Kind.REDIRECTED.label(), Kind.FAILED.label(), Kind.LEFT.label());
    }

    private static String said(Counts counts) {
        return Words.number(counts.of(Kind.PAGE)) + " ok, " + Words.number(counts.of(Kind.REDIRECTED)) + " redirected, "
                + Words.number(counts.of(Kind.FAILED)) + " failed, " + Words.number(counts.of(Kind.LEFT))
                + " left out";
    }

    /** Writes how the URLs ended, and by which status. */
    static void statuses(Markup markup, Figures figures, int rows) throws IOException {
        Counts all = figures.all();
        Charts.bar(markup, outcomes(all), all.sum(), said(all));
        Charts.legend(markup, outcomes(all), names());
        if (figures.external().sum() > 0) {
            markup.element("p", "The statuses below are also those of "
                    + Words.count(figures.external().sum(), "URL", "URLs")
                    + " of other sites, which were asked for and not crawled.", "class", "muted").line();
        }
        List<Tally.Named<Counts>> statuses =
                figures.statuses().sorted(Comparator.comparingLong(Counts::sum).reversed());
        long most = Math.max(1, statuses.isEmpty() ? 1 : statuses.getFirst().count().sum());
        List<List<Cell>> cells = new ArrayList<>();
        for (Tally.Named<Counts> status : statuses.stream().limit(rows).toList()) {
            cells.add(List.of(new Cell(status.name(), cell -> cell.open("b").foreign(status.name()).close("b")),
                    Cell.number(status.count().sum()),
                    new Cell(String.valueOf(status.count().sum()),
                            cell -> Charts.bar(cell, outcomes(status.count()), most, ""))));
        }
        new PageTable("Statuses and reasons", List.of(new Column("Status", ""), new Column("URLs", "num"),
                new Column("Share", "bar")), cells, statuses.size(), "the others are rarer").writeTo(markup);
    }

    static void sections(Markup markup, Figures figures, int rows) throws IOException {
        List<Tally.Named<Counts>> sections =
                figures.sections().sorted(Comparator.comparingLong(Counts::sum).reversed());
        List<List<Cell>> cells = new ArrayList<>();
        for (Tally.Named<Counts> section : sections.stream().limit(rows).toList()) {
            Counts counts = section.count();
            cells.add(List.of(
                    new Cell(section.name(), cell -> cell.foreign(figures.shownSection(section.name()))),
                    Cell.number(counts.sum()),
                    new Cell(String.valueOf(counts.of(Kind.FAILED)),
                            cell -> Charts.bar(cell, outcomes(counts), counts.sum(), said(counts))),
                    Cell.number(counts.of(Kind.PAGE)), Cell.number(counts.of(Kind.REDIRECTED)),
                    Cell.number(counts.clientErrors()), Cell.number(counts.serverErrors()),
                    Cell.number(counts.otherFailures()), Cell.number(counts.of(Kind.LEFT)),
                    Cell.number(counts.meanMs(), counts.of(Kind.PAGE) == 0 ? "" : Words.duration(counts.meanMs()))));
        }
        new PageTable("Sections of the site", List.of(new Column("Section", "url"), new Column("URLs", "num"),
                new Column("Outcomes", "bar"), new Column("2xx", "num"), new Column("3xx", "num"),
                new Column("4xx", "num"), new Column("5xx", "num"), new Column("Other failures", "num"),
                new Column("Left out", "num"), new Column("Mean time", "num")), cells, sections.size(),
                "the others have fewer URLs").writeTo(markup);
    }

    static void types(Markup markup, Figures figures, int rows) throws IOException {
        List<Tally.Named<Counts>> types = figures.types().sorted(Comparator.comparingLong(Counts::sum).reversed());
        long most = types.isEmpty() ? 1 : types.getFirst().count().sum();
        List<List<Cell>> cells = new ArrayList<>();
        for (Tally.Named<Counts> type : types.stream().limit(rows).toList()) {
            cells.add(List.of(new Cell(type.name(), cell -> cell.foreign(type.name())),
                    Cell.number(type.count().sum()),
                    new Cell(String.valueOf(type.count().sum()),
                            cell -> Charts.bar(cell, outcomes(type.count()), most, "")),
                    Cell.number(type.count().bytes(), Words.bytes(type.count().bytes()))));
        }
        new PageTable("Content types", List.of(new Column("Type", "url"), new Column("Pages", "num"),
                new Column("Share", "bar"), new Column("Size", "num")), cells, types.size(), "the others are rarer")
                .writeTo(markup);
    }

    static void depths(Markup markup, Figures figures) throws IOException {
        Map<String, List<Charts.Part>> bars = new LinkedHashMap<>();
        figures.depths().headMap(DEPTHS).forEach((depth, counts) -> bars.put(String.valueOf(depth), outcomes(counts)));
        Map<Integer, Counts> deeper = figures.depths().tailMap(DEPTHS);
        if (!deeper.isEmpty()) {
            List<Charts.Part> sums = new ArrayList<>();
            for (int part = 0; part < names().size(); part++) {
                int which = part;
                sums.add(new Charts.Part(
                        deeper.values().stream().mapToLong(counts -> outcomes(counts).get(which).value()).sum(),
                        outcomes(new Counts()).get(part).colour()));
            }
            bars.put("\u2265 " + DEPTHS, sums);
        }
        List<Charts.Bar> columns = bars.entrySet()
                .stream()
                .map(bar -> new Charts.Bar(bar.getKey(), bar.getValue()))
                .toList();
        StringBuilder said = new StringBuilder("URLs by the number of links from a start URL: ");
        columns.forEach(bar -> said.append(bar.label()).append(": ").append(Words.number(bar.sum())).append("; "));
        Charts.columns(markup, columns, said.toString());
        markup.element("p", "Links from a start URL to the URL. Pages that are many links away are hard to find.",
                "class", "muted").line();
    }

    static void speed(Markup markup, Figures figures) throws IOException {
        Figures.Durations durations = figures.durations();
        List<Charts.Bar> bars = new ArrayList<>();
        StringBuilder said = new StringBuilder("Pages by the time that they took: ");
        for (int i = 0; i < BOUNDS.size(); i++) {
            long count = durations.between(BOUNDS_MS.get(i), BOUNDS_MS.get(i + 1));
            bars.add(new Charts.Bar(BOUNDS.get(i), List.of(new Charts.Part(count, "f-accent"))));
            said.append(i == 0 ? "less than " + Words.duration(BOUNDS_MS.get(1))
                    : "from " + Words.duration(BOUNDS_MS.get(i))).append(": ").append(Words.number(count)).append("; ");
        }
        Charts.columns(markup, bars, said.toString());
        markup.element("p", "Half of the pages took at most " + Words.duration(durations.quantileMs(0.5))
                + ", nine of ten at most " + Words.duration(durations.quantileMs(0.9)) + ", 99 of 100 at most "
                + Words.duration(durations.quantileMs(0.99)) + ".", "class", "muted").line();
    }

    static void slow(Markup markup, Figures figures) throws IOException {
        List<List<Cell>> rows = figures.slowest()
                .stream()
                .map(slow -> List.of(Cell.link(slow.url()),
                        Cell.number(slow.durationMs(), Words.duration(slow.durationMs())),
                        Cell.number(slow.bytes(), Words.bytes(slow.bytes()))))
                .toList();
        PageTable.of("The slowest pages", List.of(new Column("URL", "url"), new Column("Time", "num"),
                new Column("Size", "num")), rows).writeTo(markup);
    }
}
