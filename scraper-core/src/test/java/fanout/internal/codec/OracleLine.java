package fanout.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A line of {@code encodings.txt}: what another implementation of the Encoding Standard makes of something.
 *
 * @param kind what it is made of
 * @param part which of these; for labels the label
 * @param hash the first eight bytes of the SHA-256 of what comes out, where a line feed ends each result; for labels a
 *     dash
 */
record OracleLine(String kind, String encoding, String part, String hash) {

    private static final int[] OFTEN = {0x1b, 0x24, 0x28, 0x42, 0x4a, 0x49, 0x40, 0x0e, 0x0a, 0x3c, 0x5c, 0x7e, 0x7f,
        0x80,
        0x81, 0x8e, 0x8f, 0xa0, 0xa1, 0xdf, 0xe0, 0xed, 0xf4, 0xfc, 0xfe, 0xff, 0x30, 0x39, 0xd8, 0xdc, 0xc2, 0xbf};

    private static final int[] LETTERS =
            ("aA1 ~\\&=%+\u00a5\u203e\u30a2\u3042\uff71\uff9f\u2212\u65e5\u672c\u20ac\u00e9\u0436\ud83d\ude00\u0e01"
                    + "\uac00"
                    + "\u7fff\u2550\u5341\ue5e5").codePoints().toArray();

    /** What the mixed lines are made of: what each decoder decides by. */
    private static final Map<String, String> PIECES = Map.of(
            "ISO-2022-JP",
            "1b2842 1b284a 1b2849 1b2442 1b2440 1b 1b28 1b24 28 24 5c 7e 2121 2422 2921 7f 80 0e 0a 41",
            "gb18030", "81 30 39 fe 41 7f 80 ff 84 31 90 e3 a1 81308130",
            "EUC-JP", "8f 8e a1 fe df 41 80 ff b0 a2",
            "Shift_JIS", "81 40 7f 80 a0 fc fd f0 e0 9f df 41",
            "Big5", "81 88 62 87 45 a1 40 7e 7f 80 ff fe",
            "EUC-KR", "81 41 fe ff a1 7f c9 80 5a",
            "UTF-8", "e2 82 ac ed a0 80 f0 9f 98 f4 8f 90 bf 41 c2 c0 e0 f1 ee",
            "UTF-16LE", "d8 00 dc 41 ff fe d83d de00 3dd8 00de",
            "UTF-16BE", "d8 00 dc 41 ff fe d83d de00 3dd8 00de");

    /** The generator that made the random lines, too. */
    private static final class Numbers {

        private int state;

        Numbers(String part) {
            state = 1000 * Integer.parseInt(part) + 7;
        }

        int below(int bound) {
            state = state * 1_664_525 + 1_013_904_223;
            return (state >>> 16) % bound;
        }
    }

    String actual() {
        StringBuilder out = new StringBuilder();
        Consumer<String> line = text -> out.append(text).append('\n');
        switch (kind) {
            case "single" -> bytes().forEach(b -> line.accept(decoded(b)));
            case "pair" -> bytes().forEach(b -> line.accept(decoded(number(), b)));
            case "triple" -> bytes().forEach(b -> line.accept(decoded(0x8f, number(), b)));
            case "escaped" -> bytes().forEach(b -> line.accept(decoded(0x1b, 0x24, 0x42, number(), b)));
            case "quad" -> IntStream.range(0, 12_600)
                    .forEach(i -> line.accept(
                            decoded(number(), 0x30 + i / 1260, 0x81 + i / 10 % 126, 0x30 + i % 10)));
            case "encoded" -> characters().mapToObj(Character::toString).map(this::encoded).forEach(line);
            case "random" -> {
                Numbers numbers = new Numbers(part);
                for (int i = 0; i < 1000; i++) {
                    int[] bytes = new int[1 + numbers.below(12)];
                    for (int k = 0; k < bytes.length; k++) {
                        bytes[k] = numbers.below(2) == 1 ? OFTEN[numbers.below(OFTEN.length)] : numbers.below(256);
                    }
                    line.accept(decoded(bytes));
                }
            }
            case "mixed" -> {
                Numbers numbers = new Numbers(part);
                String[] pieces = PIECES.get(encoding).split(" ", -1);
                for (int i = 0; i < 1000; i++) {
                    StringBuilder hex = new StringBuilder();
                    for (int k = 1 + numbers.below(8); k > 0; k--) {
                        hex.append(pieces[numbers.below(pieces.length)]);
                    }
                    line.accept(decoded(HexFormat.of().parseHex(hex)));
                }
            }
            case "text" -> {
                Numbers numbers = new Numbers(part);
                for (int i = 0; i < 1000; i++) {
                    StringBuilder text = new StringBuilder();
                    for (int k = 1 + numbers.below(8); k > 0; k--) {
                        text.appendCodePoint(LETTERS[numbers.below(LETTERS.length)]);
                    }
                    line.accept(encoded(text.toString()));
                }
            }
            case "label" -> {
                return CharsetLabel.of(part).filter(label -> label.encoding().equals(encoding)).isPresent() ? "-"
                        : "";
            }
            default -> throw new IllegalArgumentException(kind);
        }
        return sha256(out.toString());
    }

    private int number() {
        return Integer.parseInt(part, 16);
    }

    private static IntStream bytes() {
        return IntStream.range(0, 256);
    }

    private IntStream characters() {
        int from = part.equals("all") ? 0 : number();
        int to = part.equals("all") ? 0x10000 : from < 0x10000 ? from + 0x1000 : 0x30000;
        return IntStream.range(from, to).filter(c -> c < 0xD800 || c > 0xDFFF);
    }

    private String decoded(int... bytes) {
        byte[] body = new byte[bytes.length];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) bytes[i];
        }
        return decoded(body);
    }

    private String decoded(byte[] body) {
        Charset charset = Encodings.of(encoding);
        String decoded = new String(body, charset);
        if (kind.equals("random") || kind.equals("mixed")) {
            assertThat(byteByByte(body, charset)).isEqualTo(decoded);
        }
        return decoded;
    }

    private String encoded(String text) {
        return new PageCharset(encoding, Encodings.of(encoding), 0).query(text);
    }

    /** As it comes from the network at worst, into as little room as a reader has. */
    private static String byteByByte(byte[] body, Charset charset) {
        InputStream slow = new ByteArrayInputStream(body) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, 1));
            }
        };
        StringBuilder text = new StringBuilder();
        char[] room = new char[2];
        try (Reader reader = new InputStreamReader(slow, charset)) {
            for (int read = reader.read(room); read >= 0; read = reader.read(room)) {
                text.append(room, 0, read);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return text.toString();
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    static List<OracleLine> all() throws IOException {
        try (InputStream lines = OracleLine.class.getResourceAsStream("encodings.txt")) {
            return new String(lines.readAllBytes(), StandardCharsets.US_ASCII).lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" "))
                    .map(words -> new OracleLine(words[0], words[1], words[2], words[3]))
                    .toList();
        }
    }
}
