package fanout.app.reportpage;

import fanout.app.reportpage.PageTable.Cell;
import fanout.app.reportpage.PageTable.Column;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The parts of the page about links: broken ones and redirects. Stateless. */
final class LinkParts {

    /** A list of so many links is open at the beginning. */
    private static final int SHORT_LIST = 3;

    private LinkParts() {}

    static void broken(Markup markup, RunReading.Run run, String pagesName) throws IOException {
        Targets targets = run.links().targets();
        List<Column> columns = List.of(new Column("Problem", ""), new Column("URL", "url"),
                new Column("Pages", "num"), new Column("Linked from", "url"));
        List<List<Cell>> rows = new ArrayList<>();
        for (Targets.Broken broken : targets.broken()) {
            Optional<PageLine> line = broken.line();
            if (line.isEmpty()) {
                continue;
            }
            long pages = run.links().areKnown() ? broken.pages() : broken.links().size();
            rows.add(List.of(problem(line.get()), target(line.get()), Cell.number(pages),
                    Cell.of(list -> links(list, broken, run.links().areKnown()))));
        }
        markup.element("p", run.links().areKnown()
                ? "Every page with a link to a URL that failed, from " + Words.number(run.links().lines())
                        + " links. A link to a redirect counts for where the redirect leads."
                : "Only the first page with a link to each is known.",
                "class", "muted").line();
        new PageTable("Broken links", columns, rows, targets.brokenCount(),
                "the others are in " + pagesName + ", with the outcome failed").writeTo(markup);
    }

    private static Cell problem(PageLine line) {
        String label = line.result().label();
        return new Cell(label, markup -> markup.element("span", label, "class", "pill failed"));
    }

    private static Cell target(PageLine line) {
        return new Cell(line.url(), markup -> {
            markup.link(line.url());
            String detail = line.result().detail();
            if (line.found().isExternal()) {
                markup.text(" ").element("small", "another site");
            }
            if (detail != null && !detail.equals("HTTP status " + line.result().status())) {
                markup.text(" ").open("small").foreign(detail).close("small");
            }
        });
    }

    private static void links(Markup markup, Targets.Broken broken, boolean areKnown) throws IOException {
        List<Targets.Link> links = broken.links();
        if (links.isEmpty()) {
            markup.element("span", "no page: a start URL, or of a sitemap", "class", "muted");
            return;
        }
        long left = areKnown ? broken.linkCount() - links.size() : 0;
        boolean isShort = links.size() <= SHORT_LIST && left == 0;
        if (!isShort) {
            markup.open("details")
                    .element("summary", Words.count(areKnown ? broken.linkCount() : links.size(), "link",
                            "links"));
        }
        markup.open("ul", "class", "links");
        for (Targets.Link link : links) {
            markup.open("li").link(link.from());
            String text = link.text();
            if (text != null && !text.isBlank()) {
                markup.text(" ").open("q").foreign(text).close("q");
            }
            String through = link.through();
            if (through != null) {
                markup.text(" through ").link(through);
            }
            markup.close("li");
        }
        if (left > 0) {
            markup.element("li", "and " + Words.count(left, "more link", "more links"), "class", "muted");
        }
        markup.close("ul");
        if (!isShort) {
            markup.close("details");
        }
    }

    static void redirects(Markup markup, RunReading.Run run, String pagesName) throws IOException {
        Targets targets = run.links().targets();
        List<Column> columns = new ArrayList<>(List.of(new Column("Ends", ""), new Column("Redirects", "num"),
                new Column("Chain", "url")));
        if (run.links().areKnown()) {
            columns.add(new Column("Pages", "num"));
        }
        List<List<Cell>> rows = new ArrayList<>();
        for (Targets.Chain chain : targets.chains()) {
            List<Cell> row = new ArrayList<>(List.of(end(chain), Cell.number(chain.redirects()),
                    Cell.of(list -> chain(list, chain))));
            if (run.links().areKnown()) {
                row.add(Cell.number(chain.pages()));
            }
            rows.add(row);
        }
        markup.element("p", "Links should lead to where a chain ends. Chains that do not end well come first, then the "
                + "longest.", "class", "muted").line();
        new PageTable("Redirects", columns, rows, targets.chainCounts().all(),
                "the others are in " + pagesName + ", with the outcome redirected").writeTo(markup);
    }

    private static Cell end(Targets.Chain chain) {
        Optional<PageLine> last = chain.hops().getLast().line();
        String words = switch (chain.end()) {
            case LOOP -> "in a circle";
            case BROKEN -> last.map(line -> line.result().label()).orElse("broken");
            case FINE -> last.map(line -> line.result().label()).orElse("outside");
        };
        String style = chain.end() != Targets.ChainEnd.FINE ? "pill failed"
                : last.filter(line -> line.kind() == PageLine.Kind.PAGE).isPresent() ? "pill ok" : "pill";
        return new Cell(words, markup -> markup.element("span", words, "class", style));
    }

    private static void chain(Markup markup, Targets.Chain chain) throws IOException {
        markup.open("ol", "class", "chain");
        String next = "";
        for (Targets.Hop hop : chain.hops()) {
            Optional<PageLine> line = hop.line();
            markup.open("li").link(line.map(PageLine::url).orElse(next));
            if (line.filter(each -> each.kind() == PageLine.Kind.REDIRECTED).isPresent()) {
                markup.text(" ").element("small", line.get().result().label());
            }
            markup.close("li");
            next = line.map(each -> each.answer().redirectUrl()).orElse("");
        }
        markup.close("ol");
    }
}
