package fanout.internal.codec;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.util.Map;

/** An encoding of one byte a character, where ASCII is ASCII. */
final class SingleByte extends LegacyCharset {

    private static final int ASCII = 0x80;

    /**
     * The JDK's names, where they are not the standard's; ISO-8859-10 and -14, which it lacks, are patches of Latin 1.
     */
    private static final Map<String, String> IN_JDK = Map.of("windows-874", "x-windows-874", "macintosh", "x-MacRoman",
            "x-mac-cyrillic", "x-MacCyrillic", "ISO-8859-8-I", "ISO-8859-8", "ISO-8859-10", "ISO-8859-1",
            "ISO-8859-14", "ISO-8859-1");

    /** Where the Encoding Standard's indexes (CC0) differ from the JDK's tables. */
    private static final Map<String, String> PATCHES = Map.of(
            "KOI8-U", "46=45e 62=40e",
            "x-mac-cyrillic", "34=490 54=491 127=20ac",
            "windows-1255", "74=5ba",
            "ISO-8859-10",
            """
                    33=104,112,122,12a,128,136 40=13b,110,160,166,17d 46=16a,14a 49=105,113,123,12b,129,137 56=13c,111,161,167,17e
                    61=2015,16b,14b,100 71=12e,10c 74=118 76=116 81=145,14c 87=168 89=172 96=101 103=12f,10d 106=119 108=117
                    113=146,14d 119=169 121=173 127=138""",
            "ISO-8859-14", """
                    33=1e02,1e03 36=10a,10b,1e0a 40=1e80 42=1e82,1e0b,1ef2 47=178,1e1e,1e1f,120,121,1e40,1e41
                    55=1e56,1e81,1e57,1e83,1e60,1ef3,1e84,1e85,1e61 80=174 87=1e6a 94=176 112=175 119=1e6b 126=177""");

    /** The characters of the bytes from 0x80 on; U+FFFD for bytes without one. */
    private final char[] characters = new char[ASCII];

    private final Pointers pointers;

    private SingleByte(String name, Index index) {
        super(name);
        for (int pointer = 0; pointer < ASCII; pointer++) {
            int units = index.units(pointer);
            characters[pointer] = units == 0 ? '\uFFFD' : (char) units;
        }
        pointers = new Pointers(index, _ -> true);
    }

    /** The encoding of this name, as the standard spells it. */
    static SingleByte of(String name) {
        Index jdk = Index.of(ASCII, IN_JDK.getOrDefault(name, name), pointer -> ASCII + pointer);
        // Bytes that Windows leaves free are control characters.
        Index index = Index.of(ASCII,
                pointer -> pointer < 0x20 && jdk.units(pointer) == 0 ? ASCII + pointer : jdk.units(pointer));
        String patch = PATCHES.get(name);
        return new SingleByte(name, patch == null ? index : index.patched(patch));
    }

    /** The encoding that keeps bytes as characters of private use. */
    static SingleByte userDefined() {
        return new SingleByte("x-user-defined", Index.of(ASCII, pointer -> 0xF780 + pointer));
    }

    @Override
    long bytes(int codePoint) {
        int pointer = pointers.first(codePoint);
        return pointer < 0 ? NONE : ASCII + pointer;
    }

    @Override
    public CharsetDecoder newDecoder() {
        return new Decoder(this);
    }

    private static final class Decoder extends CharsetDecoder {

        private final char[] characters;

        Decoder(SingleByte charset) {
            super(charset, 1, 1);
            characters = charset.characters;
        }

        @Override
        protected CoderResult decodeLoop(ByteBuffer in, CharBuffer out) {
            for (int n = Math.min(in.remaining(), out.remaining()); n > 0; n--) {
                int next = in.get();
                out.put(next >= 0 ? (char) next : characters[next & 0x7F]);
            }
            return in.hasRemaining() ? CoderResult.OVERFLOW : CoderResult.UNDERFLOW;
        }
    }
}
