package fanout.internal.parse;

import fanout.internal.limit.ParseTime;
import fanout.outcome.Failure;

/**
 * What a job's rules may still take out of a page. Nested elements that each hold the text of all others would else
 * make gigabytes of a page of megabytes. Counts while values are read, and looks for the parse's end at each. Confined
 * to one thread.
 */
final class ItemBudget {

    static final int MOST_ITEMS = 10_000;

    /** A page's whole text and markup, and that again. */
    private static final int TIMES_THE_BODY = 4;

    private static final long LEAST_CHARACTERS = 1 << 20;

    /** Empty values take memory, too. */
    private static final int VALUE_OVERHEAD = 8;

    private final ParseTime time;
    private final long mostCharacters;
    private long characters;
    private int items;

    public ItemBudget(long bodyBytes, ParseTime time) {
        this.time = time;
        this.mostCharacters = Math.max(LEAST_CHARACTERS, TIMES_THE_BODY * bodyBytes);
    }

    void checkTime() {
        time.checkUnchecked();
    }

    /** Counts a value. */
    void value(String text) {
        checkRoom(text.length());
        characters += text.length() + VALUE_OVERHEAD;
    }

    /** Fails if a value of so many characters, which is being made, is more than the page may give. */
    void checkRoom(int more) {
        if (characters + more + VALUE_OVERHEAD > mostCharacters) {
            throw new Exhausted("more than " + mostCharacters + " characters of items");
        }
    }

    /** Counts an object in an item. */
    void object(int fields) {
        value("");
        characters += (long) VALUE_OVERHEAD * fields;
    }

    /** Counts an item. */
    void item() {
        if (++items > MOST_ITEMS) {
            throw new Exhausted("more than " + MOST_ITEMS + " items");
        }
    }

    /** A page has more to extract than it may: a {@link Failure.Parse}. */
    static final class Exhausted extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private Exhausted(String message) {
            super(message);
        }
    }
}
