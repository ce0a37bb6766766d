package fanout.internal.text;

import org.jsoup.nodes.Element;

/** What lists say of themselves. */
final class Lists {

    private static final int MOST_DIGITS = 9;

    private Lists() {}

    /** Returns the last of the meanings of a term. */
    static Element endOfTerm(Element term) {
        Element last = term;
        for (Element next = term.nextElementSibling(); next != null && Shape.of(next) == Shape.MEANING;) {
            TextView.spend(0);
            last = next;
            next = next.nextElementSibling();
        }
        return last;
    }

    /** Returns whether a list is in an item of another. */
    static boolean isInItem(Element list) {
        Element parent = list.parent();
        return parent != null && Shape.of(parent) == Shape.ITEM;
    }

    /** Returns whether items have several blocks. */
    static boolean isLoose(Element list, Shape shape) {
        if (shape == Shape.TERMS) {
            return true;
        }
        for (Element item = list.firstElementChild(); item != null; item = item.nextElementSibling()) {
            int blocks = 0;
            for (Element child = item.firstElementChild(); child != null; child = child.nextElementSibling()) {
                TextView.spend(0);
                blocks += switch (Shape.of(child)) {
                    case PREFORMATTED, TABLE, QUOTE, HEADING, TERMS -> 2;
                    case PARAGRAPH -> 1;
                    default -> 0;
                };
            }
            if (blocks > 1) {
                return true;
            }
        }
        return false;
    }

    /** Returns the number of the first item. */
    static long number(Element list) {
        String start = list.attr("start").strip();
        boolean isNumber = !start.isEmpty() && start.length() <= MOST_DIGITS
                && start.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber ? Long.parseLong(start) : 1;
    }
}
