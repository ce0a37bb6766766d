package fanout.app.trial;

import fanout.app.terminal.CleanText;
import fanout.app.terminal.Width;
import fanout.app.trial.Trial.JudgedLink;
import fanout.page.PageItem;
import fanout.page.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A trial as text, for the author of a job. Values are not cut, because authors compare and copy them. */
public final class TrialText {

    private static final String MARGIN = "  ";
    private static final Pattern LINE_BREAK = Pattern.compile("\r\n|\r|\n");

    private TrialText() {}

    public static List<String> lines(Trial trial, TrialRows rows) {
        List<String> lines = new ArrayList<>();
        for (JsonNode page : rows.pages()) {
            heading(lines, rows.pages().size() == 1 ? "The line" : "The line of " + page.get("url").asString());
            lines.addAll(fields(page, Map.of()));
        }
        trial.notes().forEach(note -> lines.add("  note: " + note));
        items(lines, rows.items(), trial.places());
        links(lines, trial.links());
        return lines;
    }

    private static void heading(List<String> lines, String text) {
        if (!lines.isEmpty()) {
            lines.add("");
        }
        lines.add(text);
    }

    private static void items(List<String> lines, List<JsonNode> items, List<PageItem> places) {
        heading(lines, "Items: " + (items.isEmpty() ? "none" : items.size()));
        List<PageItem> written = places.stream().filter(place -> place.fate() == PageItem.Fate.WRITTEN).toList();
        for (int i = 0; i < items.size(); i++) {
            if (i > 0) {
                lines.add("");
            }
            lines.addAll(fields(items.get(i), written.get(i).missing()));
        }
    }

    /**
     * One field a line. Columns of a page without a value are left out, an item's are not.
     *
     * @param missing reasons for fields without a value, and below them for those of objects in the item
     */
    private static List<String> fields(JsonNode row, Map<String, String> missing) {
        int width = row.propertyStream()
                .filter(field -> !field.getValue().isNull())
                .mapToInt(field -> Width.of(CleanText.line(field.getKey())))
                .max()
                .orElse(0);
        Stream<String> fields = row.propertyStream()
                .filter(field -> !field.getValue().isNull() || !row.has("outcome"))
                .map(field -> MARGIN + Width.padRight(CleanText.line(field.getKey()), width) + "  "
                        + (field.getValue().isString() ? field.getValue().asString() : field.getValue().toString())
                        + (missing.containsKey(field.getKey()) ? "  (" + missing.get(field.getKey()) + ")" : ""));
        Stream<String> inner = missing.entrySet()
                .stream()
                .filter(field -> !row.has(field.getKey()))
                .map(field -> MARGIN + "  " + CleanText.line(field.getKey()) + ": " + field.getValue());
        return Stream.concat(fields, inner).toList();
    }

    private static void links(List<String> lines, List<JudgedLink> links) {
        long followed = links.stream().filter(JudgedLink::followed).count();
        long dropped = links.size() - followed;
        if (links.isEmpty()) {
            heading(lines, "Links: none");
            return;
        }
        heading(lines, "Links: " + followed + " followed, " + dropped + " dropped");
        links.stream().filter(JudgedLink::followed).forEach(link -> {
            lines.add(MARGIN + target(link));
            lines.addAll(
                    link.link().details().flatMap(Request.Details::body).map(TrialText::several).orElse(List.of()));
        });
        if (dropped > 0) {
            heading(lines, "Dropped links by reason, with the first of each (--json has all)");
            dropped(lines, links);
        }
    }

    private static void dropped(List<String> lines, List<JudgedLink> links) {
        SortedMap<String, List<JudgedLink>> reasons = new TreeMap<>(links.stream()
                .filter(link -> !link.followed())
                .collect(Collectors.groupingBy(JudgedLink::verdict)));
        int width = reasons.keySet().stream().mapToInt(Width::of).max().orElse(0);
        int digits = reasons.values().stream().mapToInt(some -> String.valueOf(some.size()).length()).max().orElse(0);
        reasons.forEach((reason, some) -> lines.add(MARGIN + String.format("%" + digits + "d", some.size()) + "  "
                + Width.padRight(reason, width) + "  " + target(some.getFirst())));
    }

    private static String target(JudgedLink judged) {
        String url = judged.link().url().map(Object::toString).orElse(judged.link().href());
        return judged.link().details().map(TrialText::method).orElse("") + url
                + judged.link().label().map(label -> "  (" + label + ")").orElse("")
                + judged.link().details().map(TrialText::rest).orElse("");
    }

    private static String method(Request.Details details) {
        return details.method() == Request.Method.GET ? "" : details.method() + " ";
    }

    private static String rest(Request.Details details) {
        return (details.data().isEmpty() ? "" : MARGIN + details.data())
                + details.body()
                        .map(body -> MARGIN + (isLong(body) ? body.contentType() : text(body)))
                        .orElse("");
    }

    /** Returns the lines of a body that has more than one. */
    private static List<String> several(Request.Body body) {
        return isLong(body) ? LINE_BREAK.splitAsStream(text(body)).map(line -> MARGIN.repeat(3) + line).toList()
                : List.of();
    }

    private static boolean isLong(Request.Body body) {
        return LINE_BREAK.matcher(body.text()).find();
    }

    /** Returns a body as text, in which bytes of another encoding are numbers. */
    private static String text(Request.Body body) {
        return !body.isOctets() ? body.text()
                : body.text()
                        .chars()
                        .mapToObj(c -> c < 0x80 ? Character.toString(c) : String.format("\\x%02X", c))
                        .collect(Collectors.joining());
    }
}
