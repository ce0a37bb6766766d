package fanout.internal.limit;

import java.util.Arrays;
import java.util.stream.Stream;

/**
 * What a page's document takes in memory, estimated from above by one look at its bytes: jsoup 1.24.1's elements, texts
 * and attributes were measured, each at its worst.
 *
 * <p>No state of the tokenizer is trusted, because a hostile page can pretend another: each {@code <} counts as a tag,
 * be it in a comment or a script. Attributes follow a {@code <} up to the next {@code >}; behind that only if the
 * {@code >} was inside a quoted value, and then a quote comes before them.
 */
final class DocumentSize {

    /** An element with one text in it, and its place in a list that may have grown by half of it in vain. */
    private static final int OPENING_TAG = 212;
    /** {@code </p>} makes an element too, and each end tag may begin another text. */
    private static final int CLOSING_TAG = 60;
    /** A name or a value. */
    private static final int ATTRIBUTE_WORD = 48;
    /** jsoup keeps so many attributes of an element, each a name and a value. */
    private static final int MOST_WORDS = 2 * 512;
    /** A character in its text, and in the buffers that the text grows in. */
    private static final int NARROW_BYTE = 3;
    /** The same if some characters are not Latin-1: all of their text takes two bytes each then. */
    private static final int WIDE_BYTE = 6;
    /**
     * {@code <b>} that is open where a block ends is opened again in the next block: jsoup does so with up to twelve.
     */
    private static final int REOPENED_TAG = 104;
    private static final int MOST_REOPENED = 12;
    /** The elements that are opened again, by their packed names. */
    private static final long[] FORMATTING = Stream
            .of("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u")
            .mapToLong(name -> name.chars().asLongStream().reduce(0, DocumentSize::pack))
            .sorted()
            .toArray();
    private static final int LONGEST_NAME = 8;
    /** {@code <a href=x>} has ten bytes, makes a link of 80, and its characters take two each. */
    private static final int SCANNED_BYTE = 12;
    /** {@code {"":0},} has three such, and takes 256 bytes. */
    private static final int JSON_VALUE = 100;

    private final byte[] page;
    private long bytes;
    private boolean isWide;
    private int formattingDepth;

    private DocumentSize(byte[] page) {
        this.page = page;
    }

    /** Of a page that may be nothing but tags. */
    static long ofAnyPage(int pageBytes) {
        int tag = OPENING_TAG + MOST_REOPENED * REOPENED_TAG + "<b>".length() * (WIDE_BYTE + ATTRIBUTE_WORD);
        return (long) pageBytes * tag / "<b>".length();
    }

    /** Of what a scan of a page keeps: its characters and its links. */
    static long ofScan(int pageBytes) {
        return (long) pageBytes * SCANNED_BYTE;
    }

    /** Of this page, by its tags. */
    static long byTags(byte[] page) {
        return new DocumentSize(page).estimate();
    }

    /**
     * Of the JSON in this page, by what begins a value or a member: an object with one member is the largest for its
     * size.
     */
    static long ofJson(byte[] page) {
        long values = 1;
        for (byte b : page) {
            if (b == ',' || b == ':' || b == '[' || b == '{') {
                values++;
            }
        }
        return values * JSON_VALUE + (long) page.length * WIDE_BYTE;
    }

    private long estimate() {
        boolean mayBeAttribute = false;
        boolean isInWord = false;
        int words = 0;
        for (int i = 0; i < page.length; i++) {
            byte b = page[i];
            isWide |= b < 0 || b == '&';
            switch (b) {
                case '<' -> {
                    words = 0;
                    mayBeAttribute = tag(i + 1);
                    isInWord = true; // the tag's name is not a word of text
                }
                case '>' -> mayBeAttribute = false;
                case '"', '\'' -> {
                    mayBeAttribute = true;
                    isInWord = false;
                }
                case '=', '/', ' ', '\t', '\n', '\f', '\r', '\0' -> isInWord = false;
                default -> {
                    if (mayBeAttribute && !isInWord && words < MOST_WORDS) {
                        words++;
                        bytes += ATTRIBUTE_WORD;
                    }
                    isInWord = true;
                }
            }
        }
        return bytes + (long) page.length * (isWide ? WIDE_BYTE : NARROW_BYTE);
    }

    /** Counts a tag; returns whether its element may have attributes. */
    private boolean tag(int nameAt) {
        boolean closes = nameAt < page.length && page[nameAt] == '/';
        boolean isFormatting = isFormatting(closes ? nameAt + 1 : nameAt);
        if (isFormatting) {
            formattingDepth = Math.max(0, formattingDepth + (closes ? -1 : 1));
        }
        bytes += closes ? CLOSING_TAG : OPENING_TAG;
        if (closes || !isFormatting) { // it may end a block or begin one
            bytes += (long) REOPENED_TAG * Math.min(MOST_REOPENED, formattingDepth);
        }
        return !closes;
    }

    private boolean isFormatting(int at) {
        long name = 0;
        for (int i = at; i < page.length && i < at + LONGEST_NAME; i++) {
            int letter = page[i] | 0x20;
            if (letter < 'a' || letter > 'z') {
                break;
            }
            name = pack(name, letter);
        }
        return Arrays.binarySearch(FORMATTING, name) >= 0;
    }

    private static long pack(long name, long letter) {
        return name << 8 | letter;
    }
}
