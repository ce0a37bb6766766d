package fanout.leak;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Something that was left behind.
 *
 * @param kind {@code virtual thread}, {@code platform thread}, {@code process}, or as its lender calls it
 * @param what which of its kind
 * @param scope the executors and structured scopes around the thread, or around the one that took the thing, as in
 *     {@code crawl-7 crawl / crawl-7 workers}; empty if there are none
 * @param stack where the thread is, or where the thing was taken; of a process it is unknown
 * @param thing the thread, the process's handle, or what was lent
 */
public record Leak(String kind, String what, String scope, List<StackTraceElement> stack, Object thing) {

    public Leak {
        stack = List.copyOf(stack);
    }

    /** All that is known of it, on several lines. */
    @Override
    public String toString() {
        String where = scope.isEmpty() ? "in no scope" : "in " + scope;
        List<StackTraceElement> shown = stack.stream().takeWhile(frame -> !isReflection(frame)).toList();
        String frames = shown.stream().map(frame -> "\n        at " + frame).collect(Collectors.joining());
        int more = stack.size() - shown.size();
        return kind + " " + what + ", " + where + frames + (more > 0 ? "\n        … and " + more + " more" : "");
    }

    /** Below it is whatever framework called the program. */
    private static boolean isReflection(StackTraceElement frame) {
        return frame.getClassName().startsWith("jdk.internal.reflect.");
    }
}
