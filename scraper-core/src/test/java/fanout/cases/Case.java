package fanout.cases;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A line of a table of cases: the section that it is from, what goes in, what the source says comes out, and, where
 * this program decides otherwise, what comes out of it and why. Columns are separated by bars.
 *
 * <p>Written as they are: all characters but {@code \n \r \t \f \\}, {@code \s} for a space at an end, {@code \p} for a
 * bar, and {@code \xHH} for a byte.
 */
public record Case(int line, String section, List<String> inputs, String says, Optional<Difference> difference) {

    /** What this program does instead. */
    public record Difference(String ours, String why) {}

    /** The cases of a table beside a test, each with so many columns of input. */
    public static List<Case> of(Class<?> test, String table, int inputs) throws IOException {
        AtomicInteger number = new AtomicInteger();
        try (InputStream in = test.getResourceAsStream(table)) {
            if (in == null) {
                throw new IllegalStateException("no table " + table);
            }
            return new String(in.readAllBytes(), UTF_8).lines()
                    .map(line -> new Numbered(number.incrementAndGet(), line))
                    .filter(line -> !line.text.isBlank() && !line.text.startsWith("#"))
                    .map(line -> line.read(inputs))
                    .toList();
        }
    }

    private record Numbered(int line, String text) {

        Case read(int inputs) {
            List<String> cells = Stream.of(text.split("\\|", -1)).map(String::strip).toList();
            boolean differs = cells.size() == inputs + 4;
            if (!differs && cells.size() != inputs + 2) {
                throw new IllegalStateException("line " + line + " has " + cells.size() + " columns");
            }
            Optional<Difference> difference = Optional.empty();
            if (differs) {
                Difference found = new Difference(cells.get(inputs + 2), cells.get(inputs + 3));
                if (found.why.isEmpty() || found.ours.equals(cells.get(inputs + 1))) {
                    throw new IllegalStateException("line " + line + " differs without a reason, or not at all");
                }
                difference = Optional.of(found);
            }
            return new Case(line, cells.getFirst(), cells.subList(1, inputs + 1), cells.get(inputs + 1), difference);
        }
    }

    /** What this program should give. */
    public String expected() {
        return text(difference.map(Difference::ours).orElse(says));
    }

    /** A column of input; each {@code \xHH} in it is the character of that number. */
    public String input(int column) {
        return text(inputs.get(column));
    }

    /** A column of input in UTF-8, but for the bytes that are written as such. */
    public byte[] bytes(int column) {
        String cell = inputs.get(column);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < cell.length();) {
            String piece = piece(cell, at);
            out.writeBytes(piece.startsWith("\\x") ? new byte[]{(byte) unescaped(piece).charAt(0)}
                    : unescaped(piece).getBytes(UTF_8));
            at += piece.length();
        }
        return out.toByteArray();
    }

    private static String text(String cell) {
        StringBuilder out = new StringBuilder();
        for (int at = 0; at < cell.length();) {
            String piece = piece(cell, at);
            out.append(unescaped(piece));
            at += piece.length();
        }
        return out.toString();
    }

    /** One character, or one escape. */
    private static String piece(String cell, int at) {
        int length = cell.charAt(at) != '\\' ? Character.charCount(cell.codePointAt(at))
                : cell.startsWith("\\x", at) ? 4 : 2;
        return cell.substring(at, at + length);
    }

    private static String unescaped(String piece) {
        if (piece.charAt(0) != '\\') {
            return piece;
        }
        return switch (piece.charAt(1)) {
            case 'n' -> "\n";
            case 'r' -> "\r";
            case 't' -> "\t";
            case 'f' -> "\f";
            case 's' -> " ";
            case 'p' -> "|";
            case '\\' -> "\\";
            case 'x' -> String.valueOf((char) Integer.parseInt(piece.substring(2), 16));
            default -> throw new IllegalStateException("no escape: " + piece);
        };
    }

    @Override
    public String toString() {
        return "line " + line + ", " + section + ": " + inputs;
    }
}
