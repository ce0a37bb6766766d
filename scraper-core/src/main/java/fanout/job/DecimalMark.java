package fanout.job;

/** The character before a number's fraction. The other of the two may group the digits before it. */
public enum DecimalMark {
    POINT('.'), COMMA(',');

    private final char character;

    DecimalMark(char character) {
        this.character = character;
    }

    public char character() {
        return character;
    }

    /** The mark that groups digits where this one begins the fraction. */
    public DecimalMark other() {
        return this == POINT ? COMMA : POINT;
    }
}
