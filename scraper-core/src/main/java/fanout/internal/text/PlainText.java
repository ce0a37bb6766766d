package fanout.internal.text;

import org.jsoup.nodes.Element;

/**
 * Writes elements as plain text: a line for each block, a blank line around paragraphs and headings, tabs between the
 * cells of a table, and preformatted text as it is. All other white space is one space. Confined to one thread.
 *
 * <p>Recursive down to {@value TextView#MOST_LEVELS} levels. Of what is deeper, the words are read.
 */
public final class PlainText extends TextWalk {

    private final StringBuilder out = new StringBuilder();
    /** What is written before the next character: line ends, or else a tab, or else a space. */
    private int lineEnds;
    private boolean tab;
    private boolean space;
    /** In the cells of tables blocks are words of one line. */
    private int cells;

    private PlainText(TextView view) {
        super(view);
    }

    /** Returns the text of an element, whether it is hidden or not, without what is hidden in it. */
    public static String of(Element element, TextView view) {
        PlainText text = new PlainText(view);
        text.write(element, Shape.of(element));
        return text.out.toString();
    }

    @Override
    void write(Element element, Shape shape) {
        switch (shape) {
            case LINE_BREAK -> lines(Math.min(lineEnds + 1, 2));
            case PREFORMATTED -> {
                lines(2);
                preformatted(element);
                lines(2);
            }
            case CELL -> cell(element);
            case PARAGRAPH, HEADING, QUOTE, BULLETS, NUMBERS, TERMS, TABLE, RULE -> surrounded(element, 2);
            case BLOCK, TERM, MEANING, ITEM, ROW -> surrounded(element, 1);
            case INLINE, NOTHING -> children(element);
        }
    }

    private void surrounded(Element element, int ends) {
        lines(ends);
        children(element);
        lines(ends);
    }

    private void cell(Element element) {
        boolean isFirst = element.previousElementSibling() == null;
        boolean isData = Tables.isInData(element);
        if (!isData) {
            surrounded(element, 1);
            return;
        }
        tab |= !isFirst;
        cells++;
        children(element);
        cells--;
        space = false;
    }

    private void lines(int ends) {
        if (cells > 0) {
            space = true;
        } else {
            lineEnds = Math.max(lineEnds, ends);
        }
    }

    @Override
    void words(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (i % 1024 == 0) {
                TextView.spend(1024);
                view.memory().accept(out.length());
            }
            char c = text.charAt(i);
            if (Shape.isSpace(c)) {
                space = true;
            } else if (!Shape.isInvisible(c)) {
                separate();
                out.append(c);
            }
        }
    }

    private void preformatted(Element element) {
        String text = Preformatted.textOf(element, view);
        if (cells > 0) {
            words(text);
        } else if (!text.isBlank()) {
            separate();
            out.append(text);
            view.memory().accept(out.length());
        }
    }

    private void separate() {
        if (!out.isEmpty()) {
            if (lineEnds > 0) {
                out.append("\n".repeat(lineEnds));
            } else if (tab) {
                out.append('\t');
            } else if (space) {
                out.append(' ');
            }
        }
        lineEnds = 0;
        tab = false;
        space = false;
    }
}
