package fanout.app.reportpage;

import fanout.app.reportpage.PageLine.Kind;
import fanout.app.reportpage.PageTable.Cell;
import fanout.app.reportpage.PageTable.Column;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The parts of the page about contents: duplicates, fields of items, and what has changed. Stateless. */
final class ContentParts {

    private static final int SHORT_LIST = 3;

    private ContentParts() {}

    static void duplicates(Markup markup, String title, Duplicates duplicates) throws IOException {
        List<List<Cell>> rows = new ArrayList<>();
        for (Duplicates.Group group : duplicates.groups()) {
            String text = group.text().orElse("without a title");
            rows.add(List.of(new Cell(text, cell -> cell.foreign(text)), Cell.number(group.size()),
                    Cell.of(list -> pages(list, group.urls(), group.size()))));
        }
        new PageTable(title, List.of(new Column("Title", "url"), new Column("Pages", "num"),
                new Column("These pages", "url")), rows, duplicates.groupCount(), "the others have fewer pages")
                .writeTo(markup);
    }

    private static void pages(Markup markup, List<String> urls, long size) throws IOException {
        boolean isShort = size <= SHORT_LIST;
        if (!isShort) {
            markup.open("details").element("summary", Words.count(size, "page", "pages"));
        }
        markup.open("ul", "class", "links");
        for (String url : urls) {
            markup.open("li").link(url).close("li");
        }
        if (size > urls.size()) {
            markup.element("li", "and " + Words.number(size - urls.size()) + " more", "class", "muted");
        }
        markup.close("ul");
        if (!isShort) {
            markup.close("details");
        }
    }

    static void untitled(Markup markup, Figures figures) throws IOException {
        List<List<Cell>> rows = figures.untitled().stream().map(url -> List.of(Cell.link(url))).toList();
        new PageTable("HTML pages without a title", List.of(new Column("URL", "url")), rows, figures.withoutTitle(),
                "the others are in the pages file").writeTo(markup);
    }

    static void items(Markup markup, ItemFields fields, Optional<ItemFields> before, int most) throws IOException {
        List<ItemFields.Named> all = fields.fields();
        List<Column> columns = new ArrayList<>(List.of(new Column("Rule", ""), new Column("Field", ""),
                new Column("Filled", "num"), new Column("Share", "bar")));
        before.ifPresent(_ -> columns.add(new Column("Before", "num")));
        columns.addAll(List.of(new Column("Without", "num"), new Column("First page without it", "url")));
        List<List<Cell>> rows = new ArrayList<>();
        for (ItemFields.Named field : all.stream().limit(most).toList()) {
            long filled = field.field().filled();
            List<Cell> row = new ArrayList<>();
            row.add(new Cell(field.rule(), cell -> cell.foreign(field.rule())));
            row.add(new Cell(field.name(), cell -> cell.open("b").foreign(field.name()).close("b")));
            row.add(Cell.number(1_000 * filled / Math.max(1, field.items()), Words.percent(filled, field.items())));
            row.add(new Cell(String.valueOf(filled), cell -> Charts.bar(cell,
                    List.of(new Charts.Part(filled, filled == 0 ? "f-failed" : "f-ok")), field.items(), "")));
            before.ifPresent(earlier -> row.add(was(earlier, field)));
            row.add(Cell.number(field.items() - filled));
            row.add(field.field().firstWithout().map(Cell::link).orElse(Cell.text("")));
            rows.add(row);
        }
        markup.element("p", Words.count(fields.items(), "item", "items") + ". A field that few items have is often a "
                + "selector that no longer fits.", "class", "muted").line();
        new PageTable("Fields of items", columns, rows, all.size(), "the others are in the items file")
                .writeTo(markup);
    }

    private static Cell was(ItemFields before, ItemFields.Named field) {
        Optional<ItemFields.Rule> rule = before.rule(field.rule()).filter(each -> each.items() > 0);
        Optional<ItemFields.Field> was = rule.flatMap(each -> each.field(field.name()));
        return was.map(each -> Cell.number(1_000 * each.filled() / rule.get().items(),
                Words.percent(each.filled(), rule.get().items()))).orElse(Cell.number(-1, "–"));
    }

    static void changes(Markup markup, RunReading.Run run, RunReading.Since since) throws IOException {
        Figures now = run.figures();
        Figures was = since.earlier().figures();
        List<List<Cell>> figures = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            figures.add(figure(kind == Kind.PAGE ? "pages" : kind.label(), was.all().of(kind), now.all().of(kind)));
        }
        run.fields()
                .ifPresent(fields -> figures.add(figure("items", since.earlier().fields().items(),
                        fields.items())));
        figures.add(time("half of the pages took at most", was, now, 0.5));
        figures.add(time("nine of ten took at most", was, now, 0.9));
        PageTable.of("Figures", List.of(new Column("Figure", ""), new Column("Before", "num"),
                new Column("Now", "num"), new Column("Change", "num")), figures).writeTo(markup);
        boolean isComplete = run.report()
                .filter(report -> report.path("finishReason").asString("").equals("exhausted"))
                .isPresent();
        List<List<Cell>> rows = new ArrayList<>();
        long all = 0;
        for (Changes.Kind kind : Changes.Kind.values()) {
            if (kind == Changes.Kind.GONE && !isComplete) {
                continue;
            }
            all += since.changes().count(kind);
            since.changes().of(kind).forEach(change -> rows.add(row(kind, change)));
        }
        if (!isComplete) {
            markup.element("p", "The crawl did not come to its end, so pages that it has not reached are not listed as "
                    + "missing.", "class", "muted").line();
        }
        if (rows.isEmpty()) {
            markup.element("p", "No URL has changed.", "class", "muted").line();
            return;
        }
        new PageTable("URLs that have changed", List.of(new Column("Change", ""), new Column("URL", "url"),
                new Column("Before", "num"), new Column("Now", "num")), rows, all, "the others are like these")
                .writeTo(markup);
    }

    private static List<Cell> figure(String name, long was, long is) {
        return List.of(Cell.text(name), Cell.number(was), Cell.number(is), Cell.number(is - was,
                Words.change(was, is)));
    }

    private static List<Cell> time(String name, Figures was, Figures is, double share) {
        long before = was.durations().quantileMs(share);
        long now = is.durations().quantileMs(share);
        return List.of(Cell.text(name), Cell.number(before, Words.duration(before)),
                Cell.number(now, Words.duration(now)), Cell.number(now - before, Words.change(before, now)));
    }

    private static List<Cell> row(Changes.Kind kind, Changes.Change change) {
        String style = switch (kind) {
            case FAILS, GONE -> "pill failed";
            case REPAIRED, NEW -> "pill ok";
            case REDIRECTS -> "pill redirected";
            case CONTENT, TITLE -> "pill";
        };
        return List.of(new Cell(kind.label(),
                cell -> cell.element("span", kind.label(), "class", style)),
                new Cell(change.url(), cell -> {
                    cell.link(change.url());
                    String title = change.title();
                    if (title != null) {
                        cell.text(" ").open("small").foreign(title).close("small");
                    }
                }), Cell.text(change.was()), Cell.text(change.is()));
    }
}
