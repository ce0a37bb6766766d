package fanout.app.terminal;

import java.util.Locale;

/** A number and what is counted: {@code 1 host}, {@code 2,000 hosts}. */
public final class Plural {

    private Plural() {}

    /**
     * The number and the word.
     *
     * @param one the word for one of them, to which an s is added for any other number
     */
    public static String of(long count, String one) {
        return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? one : one + "s");
    }
}
