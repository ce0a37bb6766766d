package fanout.internal.codec;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** An {@link Index} the other way round: the pointers of a character. Immutable. */
final class Pointers {

    /** Code points above, pointers below; sorted. */
    private final long[] entries;

    /** @param counts which pointers are used to encode */
    Pointers(Index index, IntPredicate counts) {
        entries = IntStream.range(0, index.size())
                .filter(pointer -> index.units(pointer) != 0)
                .filter(counts)
                .mapToLong(pointer -> key(codePoint(index.units(pointer)), pointer))
                .sorted()
                .toArray();
    }

    private static int codePoint(int units) {
        return (units >>> Character.SIZE) == 0
                ? units
                : Character.toCodePoint((char) (units >>> Character.SIZE), (char) units);
    }

    private static long key(int codePoint, int pointer) {
        return ((long) codePoint << Integer.SIZE) | pointer;
    }

    /** The first pointer of this character, -1 if it is not in the index. */
    int first(int codePoint) {
        return at(codePoint, atOrAfter(key(codePoint, 0)));
    }

    /** The last pointer of this character, -1 if it is not in the index. */
    int last(int codePoint) {
        return at(codePoint, atOrAfter(key(codePoint + 1, 0)) - 1);
    }

    private int atOrAfter(long key) {
        int found = Arrays.binarySearch(entries, key);
        return found < 0 ? -found - 1 : found;
    }

    private int at(int codePoint, int entry) {
        boolean isOurs = entry >= 0 && entry < entries.length && (entries[entry] >>> Integer.SIZE) == codePoint;
        return isOurs ? (int) entries[entry] : -1;
    }
}
