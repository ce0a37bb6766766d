package fanout.internal.parse;

import fanout.internal.json.JsonValue;
import fanout.internal.text.TextView;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/**
 * What selectors look at: a page's document, one element of it, or JSON. Where there is JSON there are no elements.
 * Pointers in a document look into the JSON-LD of the whole page, also within an element: it describes what is on the
 * page from wherever it stands. JSON that is written in an element is read once, and kept as long as the scope.
 * Confined to one thread.
 */
final class QueryScope {

    private final Element element;
    private final PageData data;
    private final Optional<JsonValue> part;
    private final Map<Optional<String>, Optional<JsonValue>> chosen;
    private final Map<Element, JsonLd.Block> written;

    /**
     * @param part where pointers without a type begin, in JSON
     * @param chosen for pointers with this type, or without one, the one node that they look into, or empty if it is
     *     not there
     */
    private QueryScope(Element element, PageData data, Optional<JsonValue> part,
            Map<Optional<String>, Optional<JsonValue>> chosen, Map<Element, JsonLd.Block> written) {
        this.element = element;
        this.data = data;
        this.part = part;
        this.chosen = chosen;
        this.written = written;
    }

    private QueryScope(Element element, PageData data, Optional<JsonValue> part,
            Map<Optional<String>, Optional<JsonValue>> chosen) {
        this(element, data, part, chosen, new IdentityHashMap<>());
    }

    public static QueryScope ofDocument(Element document) {
        return new QueryScope(document, new PageData(document, () -> JsonLd.in(document)), Optional.empty(), Map.of());
    }

    /** A page that is JSON, with a document that has nothing in it. */
    public static QueryScope ofJson(JsonValue page, Element nothing) {
        return new QueryScope(nothing, new PageData(nothing, () -> JsonLd.of(page)), Optional.of(page), Map.of());
    }

    /** An element of this scope as a scope. */
    QueryScope within(Element inner) {
        return new QueryScope(inner, data, part, chosen);
    }

    /** A part of this scope's JSON as a scope. */
    QueryScope within(JsonValue inner) {
        return new QueryScope(new Element("json"), data, Optional.of(inner), chosen);
    }

    /** This scope with nodes for its pointers, by the types that these have. */
    QueryScope choosing(Map<Optional<String>, Optional<JsonValue>> nodes) {
        return new QueryScope(element, data, part, nodes, written);
    }

    /** The nodes at which pointers of this type, or of none, may begin. */
    List<JsonValue> nodes(Optional<String> type) {
        return part.isPresent() && type.isEmpty() ? List.of(part.get())
                : type.map(data.jsonLd()::ofType).orElseGet(data.jsonLd()::nodes);
    }

    /** Whether pointers without a type begin at one place of JSON. */
    boolean isJson() {
        return part.isPresent();
    }

    /**
     * What is at a place: of the node that is chosen, of each node of the type, or of the first node that has
     * something there.
     */
    Stream<JsonValue> json(JsonLd.Place place) {
        if (place.type().isEmpty() && part.isPresent()) {
            return there(place, part.stream());
        }
        Optional<JsonValue> one = chosen.get(place.type());
        return one == null ? anywhere(place) : there(place, one.stream());
    }

    /** As {@link #json}, whichever node is chosen. */
    Stream<JsonValue> anywhere(JsonLd.Place place) {
        Stream<JsonValue> found = there(place, nodes(place.type()).stream());
        return place.type().isPresent() ? found : found.limit(1);
    }

    private static Stream<JsonValue> there(JsonLd.Place place, Stream<JsonValue> nodes) {
        return nodes.flatMap(node -> place.pointer().in(node).stream())
                .filter(found -> !(found instanceof JsonValue.Nothing));
    }

    /** Why a pointer finds nothing here. */
    String whyNothing(JsonLd.Place place) {
        if (place.type().isEmpty() && part.isPresent()) {
            return "no match";
        }
        if (nodes(place.type()).isEmpty()) {
            return place.type().map(type -> "no JSON-LD of type " + type + ": ").orElse("no match: ")
                    + data.jsonLd().instead();
        }
        JsonValue node = chosen.getOrDefault(place.type(), Optional.empty()).orElse(null);
        if (node == null) {
            return place.type()
                    .map(type -> "no match in the JSON-LD of type " + type)
                    .orElseGet(() -> "no match in the page's JSON-LD: " + data.jsonLd().instead());
        }
        String elsewhere = data.jsonLd()
                .kindOfFirst(other -> place.type().isEmpty() && there(place, Stream.of(other)).findAny().isPresent())
                .map(kind -> ", which the rule reads; it is in that " + kind + ": say which one by jsonld")
                .orElse("");
        return "no match in the JSON-LD " + JsonLd.kind(node) + elsewhere;
    }

    /** Returns the article of the page, which is found when it is first asked for. */
    Article article(Visit visit) {
        return data.article(visit.textView());
    }

    /** What is found of a page when it is first asked for. Confined to one thread. */
    private static final class PageData {

        private final Element page;
        private final Supplier<JsonLd> reading;
        private @Nullable JsonLd jsonLd;
        private @Nullable Article article;

        private PageData(Element page, Supplier<JsonLd> reading) {
            this.page = page;
            this.reading = reading;
        }

        private JsonLd jsonLd() {
            JsonLd known = jsonLd;
            if (known == null) {
                known = reading.get();
                jsonLd = known;
            }
            return known;
        }

        private Article article(TextView view) {
            Article known = article;
            if (known == null) {
                known = Article.of(page, jsonLd().nodes(), view);
                article = known;
            }
            return known;
        }
    }

    Element element() {
        return element;
    }

    /** Returns the JSON that is written in an element of this scope. */
    JsonLd.Block writtenIn(Element inner) {
        return written.computeIfAbsent(inner, found -> JsonLd.Block.of(Texts.written(found)));
    }
}
