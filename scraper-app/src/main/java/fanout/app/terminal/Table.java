package fanout.app.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Rows under a header, in columns as wide as their cells. Where the terminal is too narrow, the widest columns are cut.
 * Numbers are aligned to the right. Every cell goes through {@link CleanText}.
 *
 * @param rows each with as many cells as the header
 */
public record Table(List<String> header, List<List<String>> rows) {

    private static final int NARROWEST = 5;
    private static final String MARGIN = "  ";

    public Table {
        header = clean(header);
        rows = rows.stream().map(Table::clean).toList();
    }

    private static List<String> clean(List<String> cells) {
        return cells.stream().map(CleanText::line).toList();
    }

    /** The table, no wider than the terminal. */
    public List<String> lines(int terminal) {
        int columns = header.size();
        int[] widths = widths(columns, terminal);
        boolean[] numbers = new boolean[columns];
        for (int column = 0; column < columns; column++) {
            int at = column;
            numbers[column] = rows.stream().allMatch(row -> row.get(at).matches("-?[0-9.,]*"));
        }
        List<String> lines = new ArrayList<>();
        lines.add(line(header, widths, numbers));
        lines.add(line(Arrays.stream(widths).mapToObj("-"::repeat).toList(), widths, numbers));
        rows.forEach(row -> lines.add(line(row, widths, numbers)));
        return lines;
    }

    private int[] widths(int columns, int terminal) {
        int[] widths = IntStream.range(0, columns)
                .map(column -> Stream.concat(Stream.of(header), rows.stream())
                        .mapToInt(row -> Width.of(row.get(column)))
                        .max()
                        .orElse(0))
                .toArray();
        int room = terminal - columns * MARGIN.length();
        while (Arrays.stream(widths).sum() > room) {
            int widest = IntStream.range(0, columns).reduce(0, (a, b) -> widths[b] > widths[a] ? b : a);
            if (widths[widest] <= NARROWEST) {
                break; // no terminal is wide enough for so many columns
            }
            widths[widest]--;
        }
        return widths;
    }

    private static String line(List<String> cells, int[] widths, boolean[] numbers) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = cut(cells.get(column), widths[column]);
            line.append(MARGIN)
                    .append(numbers[column]
                            ? Width.padLeft(cell, widths[column])
                            : Width.padRight(cell, widths[column]));
        }
        return line.toString().stripTrailing();
    }

    /** A URL keeps its end, which distinguishes it; other text keeps its beginning. */
    private static String cut(String text, int width) {
        return text.matches("https?://.*") ? Width.cutLeft(text, width) : Width.cut(text, width);
    }
}
