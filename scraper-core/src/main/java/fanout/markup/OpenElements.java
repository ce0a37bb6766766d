package fanout.markup;

import fanout.markup.Element.Role;

/**
 * Which elements are open, as far as it takes to know how deep a document is at most: deeper than 512 levels, jsoup closes
 * elements for which the page has no end tag. An end tag counts only where it is sure to end its element, so there are never
 * more open than this says, and the copies of those that are formatting. Confined to one thread.
 */
final class OpenElements {

    /** Below a quarter of the deepest level, because each formatting element may be open again in a copy. */
    static final int MOST = 120;

    private final long[] names = new long[MOST];
    private final Element[] elements = new Element[MOST];
    private int height;
    private int reopened;
    private boolean isLinkReopened;

    /** How many elements are open. */
    int height() {
        return height;
    }

    /** Formatting elements that a block has ended: they are opened again behind it. */
    int reopened() {
        return reopened;
    }

    /** Whether the depth would be beyond what can be vouched for, with so many elements more. */
    boolean isFull(int more) {
        return height + more + 2 * (reopened + (isLinkReopened ? 1 : 0)) > MOST;
    }

    /** Opens an element, whatever is open. */
    void open(long name, Element element) {
        names[height] = name;
        elements[height] = element;
        height++;
    }

    /** Opens an element, which may end the one before it. */
    void openNext(long name, Element element) {
        int ended = switch (element) {
            case A -> height > 0 && elements[height - 1] == Element.A ? height - 1 : -1;
            case OPTION -> height > 0 && elements[height - 1] == Element.OPTION ? height - 1 : -1;
            case P, LI -> find(element, element);
            case DD, DT -> find(Element.DD, Element.DT);
            default -> -1;
        };
        if (ended >= 0) {
            close(ended);
        }
        open(name, element);
    }

    /** Where one of two elements is open, with nothing in it but paragraphs and formatting; negative if it is not. */
    private int find(Element either, Element or) {
        int at = height - 1;
        while (at >= 0 && elements[at] != either && elements[at] != or
                && (elements[at].role() == Role.FORMATTING || elements[at] == Element.P)) {
            at--;
        }
        return at >= 0 && (elements[at] == either || elements[at] == or) ? at : -1;
    }

    /**
     * Closes an element at its end tag, if it is sure to be the one that ends.
     *
     * @param floor what is below stays open
     * @return whether it was closed
     */
    boolean close(long name, Element element, int floor) {
        if (element == Element.FORM) {
            return false; // it ends, but what is in it need not
        }
        boolean endsWhatIsWithin = element.role() == Role.BLOCK || element.role() == Role.IMPLIED_END;
        int at = height - 1;
        while (at >= floor && names[at] != name && endsWith(elements[at], endsWhatIsWithin)) {
            at--;
        }
        boolean isOpen = at >= floor && names[at] == name;
        if (isOpen) {
            close(at);
        }
        return isOpen;
    }

    private static boolean endsWith(Element within, boolean endsWhatIsWithin) {
        return switch (within.role()) {
            case FORMATTING -> true;
            case IMPLIED_END -> endsWhatIsWithin;
            case EMPTY, BLOCK, TEXT, TABLE_PART, OTHER -> false;
        };
    }

    /** Closes all above a height. */
    void close(int to) {
        for (; height > to; height--) {
            Element element = elements[height - 1];
            if (element == Element.A) {
                isLinkReopened |= height - 1 > to;
            } else if (element.role() == Role.FORMATTING && height - 1 > to) {
                reopened++;
            }
        }
    }

    /** Closes all above a height, and forgets formatting elements that were ended since then: they are not opened again. */
    void close(int to, int reopenedThen) {
        height = to;
        reopened = reopenedThen;
    }
}
