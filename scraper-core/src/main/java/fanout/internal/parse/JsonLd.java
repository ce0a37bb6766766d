package fanout.internal.parse;

import fanout.internal.json.JsonPointer;
import fanout.internal.json.JsonReader;
import fanout.internal.json.JsonValue;
import fanout.internal.json.JsonValue.Elements;
import fanout.internal.json.JsonValue.Members;
import fanout.internal.json.JsonValue.Nothing;
import fanout.internal.json.JsonValue.Numeral;
import fanout.internal.json.JsonValue.Text;
import fanout.internal.json.JsonValue.Truth;
import fanout.internal.json.MalformedJson;
import fanout.internal.limit.ParseTime;
import fanout.internal.limit.WatchedText;
import fanout.job.Selector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jsoup.nodes.Element;

/**
 * The structured data of a page: what its script elements of JSON-LD contain (W3C, JSON-LD 1.1, 7.3), or of a page
 * that is JSON the
 * page. Immutable.
 *
 * <p>Nodes are the blocks, the elements of one that is an array, and what is in a {@code @graph}, whatever they are
 * nested in of
 * these. What is further inside, such as the offers of a product, belongs to its node. Contexts are not applied: keys
 * and
 * types are compared as they are written, except for the ways to write one of schema.org's types, see {@link
 * Selector.Json}.
 *
 * @param nodes everything that pointers may begin at, in the order of the page: a block that is an array or has a
 *     graph is
 *     there itself, before its parts
 * @param malformed why blocks were left out
 */
record JsonLd(List<JsonValue> nodes, List<String> malformed) {

    /**
     * A place that is looked for.
     *
     * @param type of the node in which it is, without schema.org's address; empty: any
     */
    record Place(JsonPointer pointer, Optional<String> type) {

        static Place of(Selector.Json selector) {
            return new Place(JsonPointer.of(selector.expression()), selector.jsonld().map(Selector.Json::plainType));
        }
    }

    private static final String MEDIA_TYPE = "application/ld+json";
    private static final int MOST_TYPES = 5;

    static JsonLd in(Element page) {
        List<Block> blocks = page.stream().filter(JsonLd::isBlock).map(block -> Block.of(block.data())).toList();
        return new JsonLd(
                blocks.stream().flatMap(block -> block.value.stream()).flatMap(JsonLd::nodes).toList(),
                blocks.stream().flatMap(block -> block.malformed.stream()).toList());
    }

    /** A page that is JSON is the one block. */
    static JsonLd of(JsonValue page) {
        return new JsonLd(nodes(page).toList(), List.of());
    }

    /** The nodes of this type, which is without schema.org's address. */
    List<JsonValue> ofType(String type) {
        return nodes.stream().filter(node -> types(node).anyMatch(type::equals)).toList();
    }

    /** The types of a node, without schema.org's address. */
    private static Stream<String> types(JsonValue node) {
        if (!(node instanceof Members(var members))) {
            return Stream.empty();
        }
        return switch (members.getOrDefault("@type", new Nothing())) {
            case Text(String type) -> Stream.of(Selector.Json.plainType(type));
            case Elements(var types) -> types.stream()
                    .flatMap(type -> type.text().stream())
                    .map(Selector.Json::plainType);
            case Members _,Numeral _,Truth _,Nothing _ -> Stream.empty();
        };
    }

    /** What kind of node this is, for messages. */
    static String kind(JsonValue node) {
        return types(node).findFirst().map(type -> "of " + type).orElse("without @type");
    }

    /** What there is instead of a node that was looked for, for messages. */
    String instead() {
        List<String> types = nodes.stream().flatMap(JsonLd::types).distinct().limit(MOST_TYPES).toList();
        String found = nodes.isEmpty() ? "the page has no JSON-LD"
                : types.isEmpty() ? "the page's JSON-LD has no @type"
                        : "the page has " + types.stream().collect(Collectors.joining(", "));
        return found + switch (malformed.size()) {
            case 0 -> "";
            case 1 -> ", and a block that was left out: " + malformed.getFirst();
            default -> ", and " + malformed.size() + " blocks that were left out, the first: " + malformed.getFirst();
        };
    }

    /** The first node that is as asked, with its kind. */
    Optional<String> kindOfFirst(Predicate<JsonValue> is) {
        return nodes.stream().filter(is).findFirst().map(JsonLd::kind);
    }

    /** Returns whether an element is a block of the page. What is in a template is in another document. */
    private static boolean isBlock(Element element) {
        if (!element.normalName().equals("script")) {
            return false;
        }
        String type = element.attr("type");
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).strip()
                .toLowerCase(Locale.ROOT)
                .equals(MEDIA_TYPE)
                && element.parents().stream().noneMatch(parent -> parent.normalName().equals("template"));
    }

    /** What an element contains, or why that is left out. */
    record Block(Optional<JsonValue> value, Optional<String> malformed) {

        /** A block that is not JSON is left out: pages are full of them, and the rest of the page is good. */
        static Block of(String text) {
            try {
                return new Block(Optional.of(JsonReader.read(new WatchedText(text, ParseTime.current()))),
                        Optional.empty());
            } catch (MalformedJson e) {
                return new Block(Optional.empty(), Optional.of(String.valueOf(e.getMessage())));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Recursive: the reader bounds the depth. */
    private static Stream<JsonValue> nodes(JsonValue block) {
        Stream<JsonValue> parts = switch (block) {
            case Elements(var elements) -> elements.stream().flatMap(JsonLd::nodes);
            case Members(var members) -> switch (members.getOrDefault("@graph", new Nothing())) {
                case Elements graph -> graph.values().stream().flatMap(JsonLd::nodes);
                case Members graph -> nodes(graph);
                case Text _,Numeral _,Truth _,Nothing _ -> Stream.empty();
            };
            case Text _,Numeral _,Truth _,Nothing _ -> Stream.empty();
        };
        return Stream.concat(Stream.of(block), parts);
    }
}
