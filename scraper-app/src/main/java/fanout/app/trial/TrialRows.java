package fanout.app.trial;

import fanout.outcome.Outcome;
import fanout.page.PageFollow;
import fanout.page.PageItem;
import fanout.page.PageLink;
import fanout.page.Request;
import fanout.sink.ItemsFile;
import fanout.sink.OutputFile;
import fanout.sink.PagesFile;
import fanout.sink.Sink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a crawl would write for the outcomes, made by its own sinks.
 *
 * @param pages the lines of the pages file
 * @param items the lines of the items file
 */
public record TrialRows(List<JsonNode> pages, List<JsonNode> items) {

    /** Keeps the digits of 46.00, and escapes what is not ASCII, which makes it safe for a terminal. */
    private static final JsonMapper AS_WRITTEN = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    public static TrialRows of(List<Outcome> outcomes) throws IOException, InterruptedException {
        return new TrialRows(rows(outcomes, PagesFile::jsonLines), rows(outcomes, ItemsFile::jsonLines));
    }

    /** Opens a sink on lines. */
    @FunctionalInterface
    private interface Opening {
        Sink on(OutputFile lines);
    }

    private static List<JsonNode> rows(List<Outcome> outcomes, Opening opening)
            throws IOException, InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Sink sink = opening.on(OutputFile.on(Channels.newChannel(bytes)))) {
            for (Outcome outcome : outcomes) {
                sink.write(outcome);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8).lines().map(AS_WRITTEN::readTree).toList();
    }

    /** Everything as one object, for scripts. */
    public String json(Trial trial) {
        ObjectNode all = AS_WRITTEN.createObjectNode();
        all.putArray("lines").addAll(pages);
        all.putArray("items").addAll(items);
        ArrayNode places = all.putArray("places");
        for (PageItem place : trial.places()) {
            ObjectNode missing = places.addObject()
                    .put("rule", place.rule())
                    .put("fate", place.fate().name().toLowerCase(Locale.ROOT))
                    .putObject("missing");
            place.missing().forEach(missing::put);
        }
        ArrayNode links = all.putArray("links");
        for (Trial.JudgedLink judged : trial.links()) {
            PageLink link = judged.link();
            ObjectNode row = links.addObject()
                    .put("href", link.href())
                    .put("url", link.url().map(Object::toString).orElse(null))
                    .put("label", link.label().orElse(null))
                    .put("followed", judged.followed())
                    .put("verdict", judged.verdict());
            link.details().ifPresent(details -> {
                row.put("method", details.method().name());
                row.put("contentType", details.body().map(Request.Body::contentType).orElse(null));
                row.put("body", details.body().map(Request.Body::text).orElse(null));
                row.put("priority", details.priority());
                row.set("data", AS_WRITTEN.valueToTree(details.data()));
            });
        }
        ArrayNode follows = all.putArray("follow");
        for (PageFollow rule : trial.follows()) {
            ArrayNode reasons = follows.addObject()
                    .put("entry", rule.entry())
                    .put("matches", rule.matches())
                    .put("links", rule.links())
                    .putArray("reasons");
            rule.reasons().forEach(reasons::add);
        }
        ArrayNode notes = all.putArray("notes");
        trial.notes().forEach(notes::add);
        return AS_WRITTEN.writeValueAsString(all).replace("\u007f", "\\u007f");
    }
}
