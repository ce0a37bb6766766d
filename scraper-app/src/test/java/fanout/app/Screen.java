package fanout.app;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As much of a terminal as is needed to see what a program leaves on it; what it does not know is an error. */
public final class Screen {

    private static final Pattern CONTROL = Pattern.compile("\u001b\\[(\\??[0-9;]*)([A-Za-z])");

    private final List<StringBuilder> rows = new ArrayList<>();
    private final int height;
    private int columns;
    private int row;
    private int column;
    private int savedRow;
    private int savedColumn;
    private boolean wraps = true;
    private boolean whole;
    private String unread = "";

    public Screen(int columns, int height) {
        this.columns = columns;
        this.height = height;
        rows.add(new StringBuilder());
    }

    /** Another width; what is too long now is cut, as by terminals that do not wrap anew. */
    public void resize(int other) {
        columns = other;
        rows.forEach(line -> line.setLength(Math.min(line.length(), other)));
    }

    public void write(String text) {
        String all = unread + text;
        unread = "";
        whole &= all.isEmpty();
        for (int at = 0; at < all.length(); at++) {
            char c = all.charAt(at);
            if (c == '\u001b') {
                if (all.startsWith("\u001b7", at) || all.startsWith("\u001b8", at)) {
                    place(all.charAt(++at));
                    whole = at + 1 == all.length() && all.charAt(at) == '7';
                    continue;
                }
                Matcher control = CONTROL.matcher(all).region(at, all.length());
                if (!control.lookingAt()) {
                    if (all.length() - at > 20) {
                        throw new AssertionError("unknown sequence: " + all.substring(at + 1, at + 20));
                    }
                    unread = all.substring(at);
                    return;
                }
                obey(control.group(1), control.group(2).charAt(0));
                at = control.end() - 1;
            } else {
                put(c);
            }
        }
    }

    /** Saved places do not scroll with the text. */
    private void place(char command) {
        if (command == '7') {
            savedRow = row - top();
            savedColumn = column;
        } else {
            row = top() + savedRow;
            column = savedColumn;
        }
    }

    private void obey(String numbers, char command) {
        switch (command) {
            case 'A' -> row = Math.max(top(), row - Integer.parseInt(numbers));
            case 'J' -> {
                line().setLength(Math.min(line().length(), column));
                while (rows.size() > row + 1) {
                    rows.removeLast();
                }
            }
            case 'K' -> line().setLength(Math.min(line().length(), column));
            case 'm' -> {}
            case 'h', 'l' -> {
                if (!numbers.equals("?7")) {
                    throw new AssertionError("unknown mode: " + numbers);
                }
                wraps = command == 'h';
            }
            default -> throw new AssertionError("unknown sequence: " + numbers + command);
        }
    }

    private int top() {
        return Math.max(0, rows.size() - height);
    }

    private void put(char c) {
        switch (c) {
            case '\r' -> column = 0;
            case '\n' -> nextRow();
            default -> {
                if (c < ' ' || (c >= 0x7f && c <= 0x9f)) {
                    throw new AssertionError("a control character: " + (int) c);
                }
                if (column == columns && wraps) {
                    column = 0;
                    nextRow();
                }
                column = Math.min(column, columns - 1);
                while (line().length() <= column) {
                    line().append(' ');
                }
                line().setCharAt(column++, c);
            }
        }
    }

    private void nextRow() {
        row++;
        if (row == rows.size()) {
            rows.add(new StringBuilder());
        }
    }

    private StringBuilder line() {
        return rows.get(row);
    }

    /** Whether the last that came was the end of a drawing: its place is saved then. */
    public boolean whole() {
        return whole;
    }

    /** Everything that was ever on the screen and was not cleared, without the empty lines at the end. */
    public List<String> lines() {
        String text = String.join("\n", rows.stream().map(line -> line.toString().stripTrailing()).toList());
        return Arrays.asList(text.stripTrailing().split("\n", -1));
    }
}
