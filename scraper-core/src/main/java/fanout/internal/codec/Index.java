package fanout.internal.codec;

import java.nio.charset.Charset;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * One of the Encoding Standard's indexes: a character for each pointer. Made from the JDK's table, and patched where
 * the two differ; a test holds every pointer against the standard's data. Immutable.
 */
final class Index {

    /** UTF-16 units, one or two with the first in the upper half; 0 where there is no character. */
    private final int[] units;

    private Index(int[] units) {
        this.units = units;
    }

    /** An index of this size, whose units are computed. */
    static Index of(int size, IntUnaryOperator units) {
        return new Index(IntStream.range(0, size).map(units).toArray());
    }

    /**
     * What the JDK's charset decodes.
     *
     * @param bytes of each pointer in that charset, see {@link LegacyCharset#bytes}
     */
    static Index of(int size, String jdkCharset, IntToLongFunction bytes) {
        Charset charset = Charset.forName(jdkCharset);
        return of(size, pointer -> {
            String decoded = new String(array(bytes.applyAsLong(pointer)), charset);
            return decoded.indexOf('\uFFFD') < 0 ? units(decoded) : 0;
        });
    }

    private static byte[] array(long bytes) {
        int length = (Long.SIZE - Long.numberOfLeadingZeros(bytes) + Byte.SIZE - 1) / Byte.SIZE;
        byte[] array = new byte[length];
        for (int i = 0; i < length; i++) {
            array[i] = (byte) (bytes >>> ((length - 1 - i) * Byte.SIZE));
        }
        return array;
    }

    private static int units(String text) {
        return text.length() == 1 ? text.charAt(0) : (text.charAt(0) << Character.SIZE) | text.charAt(1);
    }

    /**
     * This index with other characters at some pointers.
     *
     * @param patch separated by white space: a pointer (decimal), an equals sign, and the characters of it and the
     *     pointers after it, separated by commas; a character is one code point or two joined by a plus sign
     *     (hexadecimal)
     */
    Index patched(String patch) {
        int[] patched = units.clone();
        for (String run : patch.strip().split("\\s+", -1)) {
            int equals = run.indexOf('=');
            int pointer = Integer.parseInt(run.substring(0, equals));
            for (String character : run.substring(equals + 1).split(",", -1)) {
                StringBuilder text = new StringBuilder();
                for (String codePoint : character.split("\\+", -1)) {
                    text.appendCodePoint(Integer.parseInt(codePoint, 16));
                }
                patched[pointer++] = units(text.toString());
            }
        }
        return new Index(patched);
    }

    /** This index without what the JDK maps to characters of private use. */
    Index withoutPrivateUse() {
        return of(units.length, pointer -> isPrivateUse(units[pointer]) ? 0 : units[pointer]);
    }

    private static boolean isPrivateUse(int units) {
        return units >= 0xE000 && units <= 0xF8FF;
    }

    int size() {
        return units.length;
    }

    /** The UTF-16 units at this pointer, see {@link Sequence}; 0 if there are none. */
    int units(int pointer) {
        return pointer < units.length ? units[pointer] : 0;
    }
}
