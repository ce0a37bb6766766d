package fanout.internal.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The words of one block of Markdown, with emphasis, code and links. What would mean something in Markdown and is text
 * is escaped. A mark that Markdown would not read as one where it stands is left out: {@code **"a"**b} is no emphasis.
 * Confined to one thread.
 */
final class MarkdownLine {

    /** Longer code is not put together of pieces, which takes the square of its time. */
    private static final int LONGEST_JOINED_CODE = 2_000;
    private static final int LONGEST_ENTITY = 32;

    /** A mark that is open. */
    private static final class Mark {

        private final String sign;
        /** Where it stands; -1: nothing is in it until now. */
        private int at = -1;
        /** Two in one say the same, and one next to another is read as something else: there is no sign for it. */
        private boolean isMute;

        private Mark(String sign) {
            this.sign = sign;
        }
    }

    private final StringBuilder line = new StringBuilder();
    private final List<Mark> marks = new ArrayList<>();
    private final Kind kind;
    private boolean space;
    private boolean lineBreak;
    /** The last mark that was closed, if nothing follows it, as its first and its last character. */
    private int closedFrom = -1;
    private int closedAt = -1;
    private String closedSign = "";
    private int codeFrom = -1;
    private int codeEnd = -1;
    private String code = "";

    /** Where the words are. */
    enum Kind {
        /** On lines of their own. */
        BLOCK,
        /** Behind the sign of a heading. */
        HEADING,
        /** In a cell of a table, in which a line cannot end. */
        CELL
    }

    MarkdownLine(Kind kind) {
        this.kind = kind;
    }

    int length() {
        return line.length();
    }

    /** Adds text. */
    void text(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (i % 1024 == 0) {
                TextView.spend(1024);
            }
            char c = text.charAt(i);
            if (Shape.isSpace(c)) {
                space = true;
            } else if (!Shape.isInvisible(c)) {
                separate(c);
                if (isEscaped(c, text, i)) {
                    line.append('\\');
                }
                line.append(c);
            }
        }
    }

    private boolean isEscaped(char c, String text, int at) {
        char next = at + 1 < text.length() ? text.charAt(at + 1) : 0;
        return switch (c) {
            case '\\', '`', '*', '[' -> true;
            case ']' -> isInLink();
            case '_' -> !(isWord(before()) && (isWord(next) || next == '_'));
            case '~' -> next != '/' && !Character.isDigit(next);
            case '<' -> next == 0 || next == '/' || next == '!' || next == '?' || Character.isLetter(next);
            case '&' -> isEntity(text, at);
            case '|' -> kind == Kind.CELL || isAtStart();
            case '>' -> isAtStart();
            case '#' -> isAtStart() && (next == 0 || next == '#' || Shape.isSpace(next));
            case '+' -> kind == Kind.BLOCK && isAtStart() && (next == 0 || Shape.isSpace(next));
            case '-' -> kind == Kind.BLOCK && isAtStart() && (next == 0 || Shape.isSpace(next)
                    || (next == '-' && isRule(text, at)));
            case '=', ':' -> isAtStart() && !line.isEmpty();
            case '.', ')' -> kind == Kind.BLOCK && isNumberOfALine() && (next == 0 || Shape.isSpace(next));
            default -> false;
        };
    }

    private boolean isInLink() {
        return marks.stream().anyMatch(mark -> mark.sign.equals("["));
    }

    /** Returns whether nothing but these signs and spaces follow. */
    private static boolean isRule(String text, int at) {
        int i = at;
        while (i < text.length() && (text.charAt(i) == '-' || Shape.isSpace(text.charAt(i)))) {
            i++;
        }
        return i == text.length();
    }

    private static boolean isEntity(String text, int at) {
        int most = Math.min(text.length(), at + LONGEST_ENTITY);
        for (int i = at + 1; i < most; i++) {
            char c = text.charAt(i);
            if (c == ';') {
                return i > at + 1;
            }
            if (!isWord(c) && c != '#') {
                return false;
            }
        }
        return text.length() == at + 1;
    }

    private boolean isAtStart() {
        return line.isEmpty() || before() == '\n';
    }

    private boolean isNumberOfALine() {
        int i = line.length();
        while (i > 0 && line.length() - i < 10 && Character.isDigit(line.charAt(i - 1))) {
            i--;
        }
        return i < line.length() && (i == 0 || line.charAt(i - 1) == '\n');
    }

    private char before() {
        return line.isEmpty() ? '\n' : line.charAt(line.length() - 1);
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c);
    }

    /** A mark that stands behind a sign, and before a word, would not close. */
    private static boolean isSign(char c) {
        return c != 0 && !isWord(c) && !Shape.isSpace(c) && !Character.isSurrogate(c);
    }

    /** Writes what is between the last character and the next one: a space or a line end, and marks that open. */
    private void separate(char next) {
        if (closedAt == line.length() && !space && !lineBreak && isWord(next) && closedFrom >= 0
                && isSign(line.charAt(closedAt - closedSign.length() - 1))) {
            unmark(closedFrom, closedSign);
        }
        closedAt = -1;
        gap();
        for (Mark mark : marks) {
            if (mark.at < 0 && !mark.isMute) {
                open(mark, next);
            }
        }
    }

    private void gap() {
        if (lineBreak && !line.isEmpty()) {
            line.append(kind == Kind.CELL ? "<br>" : "\\\n");
        } else if (space && !isAtStart()) {
            line.append(' ');
        }
        space = false;
        lineBreak = false;
    }

    private void open(Mark mark, char next) {
        boolean isLink = mark.sign.equals("[");
        char before = before();
        if (!isLink && ((isWord(before) && isSign(next)) || isMark(before, mark))) {
            mark.isMute = true;
            return;
        }
        if (isLink && before == '!') {
            line.insert(line.length() - 1, '\\');
        }
        mark.at = line.length();
        line.append(mark.sign);
    }

    /** Returns whether a mark ends here, and is not the one around that has just been opened. */
    private boolean isMark(char before, Mark mark) {
        if (before != '*' && before != '~') {
            return false;
        }
        int end = line.length();
        return marks.stream()
                .noneMatch(around -> around != mark && around.at >= 0
                        && around.at + around.sign.length() == end);
    }

    private void unmark(int from, String sign) {
        int end = line.length() - sign.length();
        line.setLength(end);
        line.delete(from, from + sign.length());
        codeEnd = -1;
        for (Mark mark : marks) {
            if (mark.at > from) {
                mark.at -= sign.length();
            }
        }
    }

    /** Begins emphasis. */
    void open(String sign) {
        Mark mark = new Mark(sign);
        mark.isMute = marks.stream().anyMatch(around -> around.sign.equals(sign) && !around.isMute);
        if (!mark.isMute && closedAt == line.length() && !space && !lineBreak && closedFrom >= 0
                && closedSign.equals(sign)) {
            line.setLength(line.length() - sign.length()); // goes on
            mark.at = closedFrom;
            closedAt = -1;
        }
        marks.add(mark);
    }

    /** Ends what was begun last. */
    void close() {
        Mark mark = marks.removeLast();
        if (mark.at >= 0) {
            closedFrom = mark.at;
            closedSign = mark.sign;
            line.append(mark.sign);
            closedAt = line.length();
        }
    }

    /** Begins a link; returns false if one is open. */
    boolean openLink() {
        if (isInLink()) {
            return false;
        }
        closedAt = -1;
        codeEnd = -1;
        marks.add(new Mark("["));
        return true;
    }

    /** Ends the link; empty: to a place that cannot be reached. */
    void closeLink(Optional<String> target) {
        Mark mark = marks.removeLast();
        if (mark.at < 0) {
            return;
        }
        if (target.isPresent()) {
            line.append("](").append(destination(target.get())).append(')');
        } else {
            line.deleteCharAt(mark.at);
            codeEnd = -1;
        }
        closedAt = -1;
    }

    private String destination(String url) {
        StringBuilder out = new StringBuilder(url.length());
        for (int i = 0; i < url.length(); i++) {
            char c = url.charAt(i);
            switch (c) {
                case ' ' -> out.append("%20");
                case '(' -> out.append("%28");
                case ')' -> out.append("%29");
                case '<' -> out.append("%3C");
                case '>' -> out.append("%3E");
                case '|' -> out.append("%7C");
                case '\\' -> out.append("%5C");
                case '*', '_', '`', '[', ']', '&' -> out.append(c);
                default -> {
                    if (c > ' ') {
                        out.append(c);
                    }
                }
            }
        }
        return out.toString();
    }

    /** Adds an image. */
    void image(String description, String url) {
        separate('!');
        line.append("![");
        for (int i = 0; i < description.length(); i++) {
            char c = description.charAt(i);
            boolean isEscaped = c == '[' || c == ']' || c == '\\' || c == '`' || c == '*' || c == '_' || c == '<'
                    || c == '&' || c == '~' || (c == '|' && kind == Kind.CELL);
            line.append(isEscaped ? "\\" : "").append(Shape.isSpace(c) ? ' ' : c);
        }
        line.append("](").append(destination(url)).append(')');
        codeEnd = -1;
    }

    /** Ends code that a space follows: what comes is another piece. */
    void beginCode() {
        if (space) {
            codeEnd = -1;
        }
    }

    /** Adds code; {@code continues} says that it belongs to the code before it. */
    void code(String text, boolean continues) {
        String words = words(text);
        if (words.isBlank()) {
            space |= !words.isEmpty();
            return;
        }
        boolean joins = codeEnd == line.length() && !lineBreak && code.length() < LONGEST_JOINED_CODE
                && (continues || !space);
        boolean startsWithSpace = words.startsWith(" ");
        String whole = words.strip();
        if (joins) {
            whole = code + (space || startsWithSpace ? " " : "") + whole;
            line.setLength(codeFrom);
            space = false;
        } else {
            space |= startsWithSpace || codeEnd == line.length();
            separate('`');
            codeFrom = line.length();
        }
        code = whole;
        write(kind == Kind.CELL ? whole.replace("|", "\\|") : whole);
        codeEnd = line.length();
        space = words.endsWith(" ");
    }

    private void write(String text) {
        String fence = fence(text, 1);
        boolean pads = text.startsWith("`") || text.endsWith("`");
        line.append(fence).append(pads ? " " : "").append(text).append(pads ? " " : "").append(fence);
    }

    /** Returns more backticks than follow one another in a text, and at least so many. */
    static String fence(String text, int least) {
        int most = 0;
        int run = 0;
        for (int i = 0; i < text.length(); i++) {
            run = text.charAt(i) == '`' ? run + 1 : 0;
            most = Math.max(most, run);
        }
        TextView.spend(text.length());
        return "`".repeat(Math.max(least, most + 1));
    }

    private static String words(String text) {
        StringBuilder out = new StringBuilder(text.length());
        TextView.spend(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Shape.isSpace(c)) {
                out.append(Shape.isInvisible(c) ? "" : c);
            } else if (out.isEmpty() || out.charAt(out.length() - 1) != ' ') {
                out.append(' ');
            }
        }
        return out.toString();
    }

    /** Adds markup, which Markdown leaves as it is. */
    void markup(String tag) {
        separate(tag.startsWith("</") ? 'a' : '<');
        line.append(tag);
    }

    /** Ends the line, if something is before and behind it. */
    void lineBreak() {
        lineBreak = !line.isEmpty();
    }

    /** Separates words. */
    void space() {
        space = true;
    }

    /** Returns what has been written, and is empty again. Marks that are open are open in what follows, too. */
    String take() {
        for (int i = marks.size() - 1; i >= 0; i--) {
            Mark mark = marks.get(i);
            if (mark.at >= 0) {
                line.append(mark.sign.equals("[") ? "" : mark.sign);
                if (mark.sign.equals("[")) {
                    line.deleteCharAt(mark.at);
                }
            }
            mark.at = -1;
        }
        String text = line.toString();
        line.setLength(0);
        space = false;
        lineBreak = false;
        closedAt = -1;
        codeEnd = -1;
        return text;
    }
}
