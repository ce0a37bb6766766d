package fanout.internal.parse;

/** What came of a text: a value, or the reason why it has no value. */
sealed interface Conversion {

    /** A value for an item. */
    record Value(Object value) implements Conversion {}

    /**
     * No value. Made for every value that is missing, and rarely read: the message is put together when it is.
     *
     * @param text what was looked at; empty if there was nothing
     */
    record Miss(String what, String text, String hint) implements Conversion {

        private static final int LONGEST = 60;

        Miss(String what) {
            this(what, "", "");
        }

        Miss(String what, String text) {
            this(what, text, "");
        }

        String message() {
            if (text.isEmpty()) {
                return what + hint;
            }
            int end = text.codePointCount(0, text.length()) <= LONGEST ? text.length()
                    : text.offsetByCodePoints(0, LONGEST);
            return what + " \"" + text.substring(0, end) + (end < text.length() ? "…" : "") + "\"" + hint;
        }
    }
}
