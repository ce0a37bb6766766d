package fanout.app.config;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How often counted repetitions repeat the innermost part of a pattern: {@code ((a{10}){20}){30}} comes to 6000. RE2/J expands
 * every repetition, and a few nested ones take all memory. RE2 and Go refuse more than 1000, and so do we. Of many patterns the
 * size counts, see {@link ExpressionBudget}: that of the pattern with its repetitions written out.
 */
final class RepeatCount {

    static final long MOST = 1000;

    private final String pattern;
    /** What a Unicode class takes: hundreds of ranges. */
    private static final long UNICODE_CLASS = 1_000;

    private final Deque<Long> groups = new ArrayDeque<>(); // the most within each open group
    private final Deque<Long> sizes = new ArrayDeque<>(); // the size of what stands before each open group
    private long most = 1; // within the group that is read
    private long last = 1; // within the last atom
    private long size; // of the group that is read
    private long lastSize; // of the last atom
    private int at;

    private RepeatCount(String pattern) {
        this.pattern = pattern;
    }

    /** The count, or at least more than {@link #MOST}. */
    static long of(String pattern) {
        return new RepeatCount(pattern).count();
    }

    /** The size of a pattern whose count is not beyond {@link #MOST}. */
    static long sizeOf(String pattern) {
        RepeatCount whole = new RepeatCount(pattern);
        whole.count();
        long size = whole.size;
        for (long outer : whole.sizes) {
            size += outer;
        }
        return size;
    }

    private long count() {
        while (at < pattern.length() && most <= MOST) {
            char c = pattern.charAt(at++);
            switch (c) {
                case '\\' -> {
                    int from = at;
                    atom(escape() + at - from);
                }
                case '[' -> {
                    int from = at;
                    atom(characterClass() + at - from);
                }
                case '(' -> {
                    groups.push(most);
                    sizes.push(size);
                    most = 1;
                    last = 1;
                    size = 1;
                }
                case ')' -> {
                    last = most;
                    lastSize = size;
                    most = Math.max(most, groups.isEmpty() ? 1 : groups.pop());
                    size += sizes.isEmpty() ? 0 : sizes.pop();
                }
                case '{' -> repeat();
                case '*', '+', '?' -> {} // of the last atom, which stays the last
                default -> {
                    last = 1;
                    atom(1);
                }
            }
        }
        return most;
    }

    private void atom(long bytes) {
        size += bytes;
        lastSize = bytes;
    }

    /** Returns what it takes besides its characters. */
    private long escape() {
        char c = at < pattern.length() ? pattern.charAt(at++) : '\\';
        last = 1;
        if (c == 'Q') {
            int end = pattern.indexOf("\\E", at);
            at = end < 0 ? pattern.length() : end + 2;
            return 1;
        } else if ("xpP".indexOf(c) >= 0 && pattern.startsWith("{", at)) {
            int end = pattern.indexOf('}', at);
            at = end < 0 ? pattern.length() : end + 1;
        }
        return c == 'p' || c == 'P' ? UNICODE_CLASS : 1;
    }

    /** Returns what it takes besides its characters. */
    private long characterClass() {
        long unicode = 0;
        last = 1;
        at += pattern.startsWith("^", at) ? 1 : 0;
        at += pattern.startsWith("]", at) ? 1 : 0; // literally, as the first character
        while (at < pattern.length() && pattern.charAt(at) != ']') {
            int named = pattern.startsWith("[:", at) ? pattern.indexOf(":]", at) : -1;
            if (pattern.startsWith("\\p", at) || pattern.startsWith("\\P", at)) {
                unicode += UNICODE_CLASS;
            }
            at = named >= 0 ? named + 2 : at + (pattern.charAt(at) == '\\' ? 2 : 1);
        }
        at++;
        return 1 + unicode;
    }

    /** {@code {n}}, <code>{n,}</code> or <code>{n,m}</code>; anything else is literal text. */
    private void repeat() {
        int end = pattern.indexOf('}', at);
        String inside = end < 0 ? "" : pattern.substring(at, end);
        if (!inside.matches("[0-9]{1,9}(,[0-9]{0,9})?")) {
            last = 1;
            atom(1);
            return;
        }
        at = end + 1;
        long times = 1;
        for (String number : inside.split(",", 0)) {
            times = Math.max(times, Long.parseLong(number));
        }
        last *= times;
        most = Math.max(most, last);
        size += lastSize * (Math.min(times, MOST) - 1);
        lastSize *= Math.min(times, MOST);
    }
}
