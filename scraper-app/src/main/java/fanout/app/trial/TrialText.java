package fanout.app.trial;

import fanout.app.terminal.CleanText;
import fanout.app.terminal.Width;
import fanout.app.trial.Trial.JudgedLink;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A trial as text, for the author of a job. Nothing is cut, because authors compare and copy values. */
public final class TrialText {

    private static final int MARGIN = 2;

    private TrialText() {}

    public static List<String> lines(Trial trial, TrialRows rows) {
        List<String> lines = new ArrayList<>();
        for (JsonNode page : rows.pages()) {
            heading(lines, rows.pages().size() == 1 ? "The line" : "The line of " + page.get("url").asString());
            lines.addAll(fields(page, MARGIN));
        }
        trial.notes().forEach(note -> lines.add("  note: " + note));
        items(lines, rows.items());
        links(lines, trial.links());
        return lines;
    }

    private static void heading(List<String> lines, String text) {
        if (!lines.isEmpty()) {
            lines.add("");
        }
        lines.add(text);
    }

    private static void items(List<String> lines, List<JsonNode> items) {
        heading(lines, "Items: " + (items.isEmpty() ? "none" : items.size()));
        for (int i = 0; i < items.size(); i++) {
            if (i > 0) {
                lines.add("");
            }
            lines.addAll(fields(items.get(i), MARGIN));
        }
    }

    /** One field a line. Columns of a page without a value are left out, an item's are not. */
    private static List<String> fields(JsonNode row, int margin) {
        int width = row.propertyStream()
                .filter(field -> !field.getValue().isNull())
                .mapToInt(field -> Width.of(CleanText.line(field.getKey())))
                .max()
                .orElse(0);
        return row.propertyStream()
                .filter(field -> !field.getValue().isNull() || !row.has("outcome"))
                .map(field -> " ".repeat(margin) + Width.padRight(CleanText.line(field.getKey()), width) + "  "
                        + (field.getValue().isString() ? field.getValue().asString() : field.getValue().toString()))
                .toList();
    }

    private static void links(List<String> lines, List<JudgedLink> links) {
        long followed = links.stream().filter(JudgedLink::followed).count();
        long dropped = links.size() - followed;
        if (links.isEmpty()) {
            heading(lines, "Links: none");
            return;
        }
        heading(lines, "Links: " + followed + " followed, " + dropped + " dropped");
        links.stream().filter(JudgedLink::followed).forEach(link -> lines.add("  " + target(link)));
        if (dropped > 0) {
            heading(lines, "Dropped links, and why");
            int width = links.stream()
                    .filter(link -> !link.followed())
                    .mapToInt(link -> Width.of(link.verdict()))
                    .max()
                    .orElse(0);
            links.stream()
                    .filter(link -> !link.followed())
                    .sorted(Comparator.comparing(JudgedLink::verdict)) // stable: in the page's order
                    .forEach(link -> lines.add("  " + Width.padRight(link.verdict(), width) + "  " + target(link)));
        }
    }

    private static String target(JudgedLink judged) {
        String url = judged.link().url().map(Object::toString).orElse(judged.link().href());
        return judged.link().label().map(label -> url + "  (" + label + ")").orElse(url);
    }
}
