package fanout.item;

import fanout.json.JsonReader;
import fanout.json.JsonValue;
import fanout.json.JsonValue.Elements;
import fanout.json.JsonValue.Members;
import fanout.json.JsonValue.Nothing;
import fanout.json.JsonValue.Numeral;
import fanout.json.JsonValue.Text;
import fanout.json.JsonValue.Truth;
import fanout.json.MalformedJson;
import fanout.limit.ParseTime;
import fanout.limit.WatchedText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jsoup.nodes.Element;

/** The JSON-LD of a page: structured data in script elements (W3C, JSON-LD 1.1, 7.3). Stateless. */
final class JsonLd {

    private static final String TYPE = "application/ld+json";

    private JsonLd() {}

    /**
     * Everything that pointers may begin at, in the order of the page: each block, the elements of one that is an array, and
     * those of a {@code @graph}. A block that is not JSON is left out.
     */
    static List<JsonValue> in(Element scope) {
        return scope.stream()
                .filter(JsonLd::isBlock)
                .flatMap(block -> read(block.data()).stream())
                .flatMap(JsonLd::starts)
                .toList();
    }

    private static boolean isBlock(Element element) {
        if (!element.normalName().equals("script")) {
            return false;
        }
        String type = element.attr("type");
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT).equals(TYPE);
    }

    private static Optional<JsonValue> read(String block) {
        try {
            return Optional.of(JsonReader.read(new WatchedText(block, ParseTime.current())));
        } catch (MalformedJson _) {
            return Optional.empty(); // pages are full of them, and the rest of the page is good
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<JsonValue> starts(JsonValue block) {
        Stream<JsonValue> parts = switch (block) {
            case Elements(var elements) -> elements.stream().flatMap(JsonLd::starts);
            case Members(var members) ->
                    members.get("@graph") instanceof Elements(var graph) ? graph.stream() : Stream.empty();
            case Text _,Numeral _,Truth _,Nothing _ -> Stream.empty();
        };
        return Stream.concat(Stream.of(block), parts);
    }
}
