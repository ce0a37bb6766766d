package fanout.internal.codec;

/**
 * What an encoding makes of the bytes from some position on, in one long, because this is made for every character of a
 * page: UTF-16 units and the number of bytes they took; an error and the number of bytes it takes; or that the bytes
 * end too early.
 */
final class Sequence {

    /** More bytes are needed. */
    static final long INCOMPLETE = 0;

    private Sequence() {}

    /**
     * A character.
     *
     * @param units one UTF-16 unit, or two with the first in the upper half
     */
    static long of(int units, int length) {
        return ((long) length << Integer.SIZE) | Integer.toUnsignedLong(units);
    }

    /** Bytes that become one U+FFFD. */
    static long error(int length) {
        return -length;
    }

    /**
     * The units of these bytes, or an error that spares the last of them if it is ASCII: it may be the &lt; of a tag.
     */
    static long ofOrError(int units, int length, int last) {
        if (units != 0) {
            return of(units, length);
        }
        return error(last < 0x80 ? length - 1 : length);
    }

    static int units(long sequence) {
        return (int) sequence;
    }

    static int length(long sequence) {
        return (int) (sequence >>> Integer.SIZE);
    }
}
