package fanout.internal.text;

import fanout.internal.text.MarkdownLine.Kind;
import java.util.Optional;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.TextNode;
import org.jspecify.annotations.Nullable;

/**
 * Writes elements as Markdown, in CommonMark with the tables and the strikethrough of GitHub's. Links are absolute,
 * code and tables are kept; what Markdown cannot say, as cells that go over columns, becomes what is nearest to it.
 * Confined to one thread.
 *
 * <p>Recursive down to {@value TextView#MOST_LEVELS} levels. Of what is deeper, the words are read. Lists and quotes
 * that are deeper than {@value #DEEPEST} are written as if they were not, or each of their lines would begin with
 * hundreds of signs.
 */
public final class Markdown extends TextWalk {

    private static final int DEEPEST = 32;

    private final StringBuilder out = new StringBuilder();
    private MarkdownLine line = new MarkdownLine(Kind.BLOCK);
    /** What each line begins with. */
    private String indent = "";
    /** What the next line begins with, if it is the first one of an item; null: the indent. */
    private @Nullable String first;
    private int depth;
    /** Whether a blank line comes before the next block. */
    private boolean gap;
    /** The sign of the list that was written last, if nothing follows it. */
    private String lastList = "";
    /** Where no block can begin: in a cell of a table, in a heading, and in a link. */
    private int flat;
    private boolean isCell;
    private boolean isCode;

    private Markdown(TextView view) {
        super(view);
    }

    /** Returns the Markdown of an element, whether it is hidden or not, without what is hidden in it. */
    public static String of(Element element, TextView view) {
        Markdown markdown = new Markdown(view);
        markdown.write(element, Shape.of(element));
        markdown.paragraph();
        return markdown.out.toString().stripTrailing();
    }

    /** Returns text as Markdown that says the same. */
    public static String ofText(String text) {
        MarkdownLine line = new MarkdownLine(Kind.BLOCK);
        line.text(text);
        return line.take();
    }

    @Override
    void words(String text) {
        if (isCode) {
            line.code(text, true);
        } else {
            line.text(text);
        }
        view.memory().accept(out.length() + line.length());
    }

    @Override
    void write(Element element, Shape shape) {
        if (flat > 0 && !shape.isInline()) {
            flat(element, shape);
            return;
        }
        switch (shape) {
            case INLINE -> inline(element);
            case LINE_BREAK -> line.lineBreak();
            case NOTHING, BLOCK, PARAGRAPH, ROW, CELL -> {
                paragraph();
                children(element);
                paragraph();
            }
            case HEADING -> heading(element);
            case QUOTE -> quote(element);
            case PREFORMATTED -> code(element);
            case BULLETS, NUMBERS, TERMS -> list(element, shape);
            case ITEM, TERM, MEANING -> stray(element);
            case TABLE -> {
                paragraph();
                if (Tables.isData(element)) {
                    table(element);
                } else {
                    children(element);
                    paragraph();
                }
            }
            case RULE -> {
                paragraph();
                separate();
                writeLine("---");
                ended();
            }
        }
    }

    /** A block where there is room for words only. */
    private void flat(Element element, Shape shape) {
        between(shape);
        if (shape == Shape.PREFORMATTED) {
            for (String text : Preformatted.textOf(element, view).split("\n", -1)) {
                between(shape);
                line.code(text, false);
            }
        } else {
            children(element);
        }
        between(shape);
    }

    private void between(Shape shape) {
        if (isCell && shape != Shape.CELL && shape != Shape.ROW) {
            line.lineBreak();
        } else {
            line.space();
        }
    }

    // --- words ---

    private void inline(Element element) {
        switch (element.normalName()) {
            case "em", "i", "cite", "dfn" -> marked(element, "*");
            case "strong", "b" -> marked(element, "**");
            case "del", "s", "strike" -> marked(element, "~~");
            case "code", "tt", "kbd", "samp" -> inCode(element);
            case "sup", "sub" -> raised(element);
            case "q" -> {
                line.text("“");
                children(element);
                line.text("”");
            }
            case "a" -> link(element);
            case "img" -> image(element);
            default -> children(element);
        }
    }

    private void marked(Element element, String sign) {
        if (isCode) {
            children(element);
            return;
        }
        line.open(sign);
        children(element);
        line.close();
    }

    private void inCode(Element element) {
        boolean was = isCode;
        if (!was && holdsBlocks(element)) {
            children(element);
            return;
        }
        if (!was) {
            line.beginCode();
        }
        isCode = true;
        children(element);
        isCode = was;
    }

    /** Markdown has no sign for it, and 10 to the power of 2 must not become 102. */
    private void raised(Element element) {
        boolean isPlain = isCode || (flat > 0 && !isCell) || element.childNodeSize() != 1
                || !(element.childNode(0) instanceof TextNode text) || text.isBlank();
        if (isPlain) {
            children(element);
            return;
        }
        line.markup("<" + element.normalName() + ">");
        children(element);
        line.markup("</" + element.normalName() + ">");
    }

    private void link(Element element) {
        if (!element.hasAttr("href") || holdsBlocks(element) || !line.openLink()) {
            children(element);
            return;
        }
        boolean wasCell = isCell;
        flat++;
        isCell = false;
        children(element);
        isCell = wasCell;
        flat--;
        line.closeLink(view.links().apply(element.attr("href")));
    }

    /** Returns whether there is a block in it that is more than words of one line. */
    private static boolean holdsBlocks(Element element) {
        int count = element.childNodeSize();
        for (int i = 0; i < count; i++) {
            TextView.spend(0);
            if (element.childNode(i) instanceof Element child) {
                boolean isBlock = switch (Shape.of(child)) {
                    case PREFORMATTED, BULLETS, NUMBERS, TERMS, TABLE, QUOTE -> true;
                    default -> holdsBlocks(child);
                };
                if (isBlock) {
                    return true;
                }
            }
        }
        return false;
    }

    private void image(Element element) {
        String source = element.attr("src");
        if (source.isEmpty() || source.startsWith("data:")) {
            source = element.attr("data-src");
        }
        String description = element.attr("alt").strip();
        Optional<String> url = source.isBlank() || isCode ? Optional.empty() : view.links().apply(source);
        if (url.isPresent()) {
            line.image(description, url.get());
        } else {
            line.text(description);
        }
    }

    // --- blocks ---

    /** Writes the words that stand outside of other blocks. */
    private void paragraph() {
        String words = line.take();
        if (!words.isBlank()) {
            separate();
            writeLines(words);
            ended();
        }
    }

    private void writeLines(String text) {
        text.lines().forEach(this::writeLine);
    }

    private void writeLine(String text) {
        String begin = first == null ? indent : first;
        out.append(text.isEmpty() ? begin.stripTrailing() : begin).append(text).append('\n');
        first = null;
        TextView.spend(text.length());
        view.memory().accept(out.length());
    }

    /** Begins a block. */
    private void separate() {
        if (gap) {
            out.append(indent.stripTrailing()).append('\n');
        }
        gap = false;
        lastList = "";
    }

    private void ended() {
        gap = true;
    }

    private void heading(Element element) {
        paragraph();
        MarkdownLine outer = line;
        line = new MarkdownLine(Kind.HEADING);
        flat++;
        children(element);
        flat--;
        String words = line.take().replace("\\\n", " ");
        line = outer;
        if (!words.isBlank()) {
            separate();
            String end = words.endsWith("#") ? words.substring(0, words.length() - 1) + "\\#" : words;
            writeLine("#".repeat(element.normalName().charAt(1) - '0') + " " + end);
            ended();
        }
    }

    private void quote(Element element) {
        paragraph();
        separate();
        within("> ", "> ", () -> children(element));
        ended();
    }

    /** Writes blocks whose lines begin with something more. */
    private void within(String begin, String more, Runnable blocks) {
        if (depth == DEEPEST) {
            blocks.run();
            paragraph();
            return;
        }
        String outer = indent;
        String outerFirst = first;
        int before = out.length();
        first = (first == null ? indent : first) + begin;
        indent += more;
        gap = false;
        depth++;
        blocks.run();
        paragraph();
        depth--;
        indent = outer;
        first = out.length() == before ? outerFirst : null;
    }

    private void code(Element element) {
        paragraph();
        String text = Preformatted.textOf(element, view);
        if (text.isBlank()) {
            return;
        }
        separate();
        String fence = MarkdownLine.fence(text, 3);
        writeLine(fence + Preformatted.languageOf(element).orElse(""));
        writeLines(text);
        writeLine(fence);
        ended();
    }

    private void list(Element element, Shape shape) {
        paragraph();
        String sign = sign(shape);
        boolean isLoose = Lists.isLoose(element, shape);
        long number = Lists.number(element);
        // An item's own words are followed by the list in it; only one that begins with 1 can begin there.
        if (depth > 0 && !isLoose && Lists.isInItem(element) && (shape != Shape.NUMBERS || number == 1)) {
            gap = false;
        }
        separate();
        int began = out.length();
        Element term = null;
        for (Element child = element.firstElementChild(); child != null; child = child.nextElementSibling()) {
            TextView.spend(0);
            Element item = child;
            Shape its = Shape.of(item);
            if (view.passesOver(item, its) || (its == Shape.MEANING && term != null)) {
                continue;
            }
            term = its == Shape.TERM ? item : null;
            if (out.length() > began) {
                gap = isLoose;
                separate();
            }
            String marker = shape == Shape.NUMBERS ? number++ + sign + " " : sign + " ";
            if (term != null) {
                Element last = Lists.endOfTerm(item);
                within(marker, " ".repeat(marker.length()), () -> meanings(item, last));
            } else {
                within(marker, " ".repeat(marker.length()),
                        () -> one(item, its));
            }
        }
        ended();
        lastList = shape == Shape.TERMS ? "" : sign;
    }

    /** Another than that of the list before: they would be one list. Terms may be. */
    private String sign(Shape shape) {
        return shape == Shape.NUMBERS ? lastList.equals(".") ? ")" : "." : lastList.equals("-") ? "*" : "-";
    }

    /** An item, or what stands where items should. */
    private void one(Element item, Shape its) {
        if (its == Shape.ITEM || its == Shape.MEANING) {
            children(item);
        } else {
            write(item, its);
        }
    }

    private void meanings(Element term, Element last) {
        children(term);
        paragraph();
        for (Element next = term; !next.equals(last);) {
            next = next.nextElementSibling();
            if (next == null) {
                return;
            }
            if (!view.passesOver(next, Shape.of(next))) {
                children(next);
                paragraph();
            }
        }
    }

    /** An item without a list. */
    private void stray(Element element) {
        paragraph();
        children(element);
        paragraph();
    }

    // --- tables ---

    private void table(Element table) {
        Element caption = Tables.caption(table);
        if (caption != null && !view.passesOver(caption, Shape.of(caption))) {
            children(caption);
            paragraph();
        }
        int width = Tables.columns(table);
        Tables.Columns columns = new Tables.Columns();
        boolean isFirst = true;
        separate();
        for (Element row : Tables.rows(table)) {
            boolean isHead = isFirst && isHead(row);
            if (isFirst && !isHead) {
                writeLine("|  ".repeat(width) + "|");
                writeLine("| --- ".repeat(width) + "|");
            }
            row(row, columns, width, isHead);
            isFirst = false;
        }
        ended();
    }

    /** Returns whether the first row has names of columns. */
    private static boolean isHead(Element row) {
        Element parent = row.parent();
        if (parent != null && parent.normalName().equals("thead")) {
            return true;
        }
        for (Element cell = row.firstElementChild(); cell != null; cell = cell.nextElementSibling()) {
            if (!Tables.isHeading(cell)) {
                return false;
            }
        }
        return row.firstElementChild() != null;
    }

    private void row(Element row, Tables.Columns columns, int width, boolean isHead) {
        StringBuilder cells = new StringBuilder();
        StringBuilder rule = new StringBuilder();
        int at = 0;
        columns.nextRow();
        for (Element cell = columns.first(row); cell != null; cell = columns.next(cell)) {
            int column = columns.place(cell);
            at = empty(cells, rule, at, column);
            cells.append("| ").append(cell(cell)).append(' ');
            rule.append("| ").append(Tables.rule(cell)).append(' ');
            at++;
            at = empty(cells, rule, at, columns.skip(Math.min(Tables.columnsOf(cell) - 1, width - at)));
            view.memory().accept(out.length() + cells.length());
        }
        if (isHead) {
            empty(cells, rule, at, width);
        }
        if (!cells.isEmpty()) {
            writeLine(cells.append('|').toString());
        }
        if (isHead) {
            writeLine(rule.append('|').toString());
        }
    }

    private static int empty(StringBuilder cells, StringBuilder rule, int from, int to) {
        TextView.spend(to - from);
        for (int i = from; i < to; i++) {
            cells.append("|  ");
            rule.append("| --- ");
        }
        return Math.max(from, to);
    }

    private String cell(Element cell) {
        MarkdownLine outer = line;
        line = new MarkdownLine(Kind.CELL);
        flat++;
        boolean was = isCell;
        isCell = true;
        if (!view.passesOver(cell, Shape.CELL)) {
            children(cell);
        }
        isCell = was;
        flat--;
        String words = line.take();
        line = outer;
        return words;
    }
}
