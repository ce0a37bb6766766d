package fanout.job;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks through all fields of an item, those of objects in it included. */
final class Fields {

    /** Objects in an item. */
    static final int DEEPEST = 5;

    private Fields() {}

    static void checkDepth(List<Field> fields) {
        Require.check(depth(fields) <= DEEPEST, "extract.fields", "has objects more than " + DEEPEST + " deep");
    }

    private static int depth(List<Field> fields) {
        return fields.stream()
                .mapToInt(field -> field.source() instanceof Field.Nested nested ? 1 + depth(nested.fields()) : 0)
                .max()
                .orElse(0);
    }

    /** Checks that no field selects an element in a part of a JSON document, which holds no elements. */
    static void checkPlaces(List<Field> fields, Optional<Selector> each) {
        boolean inJson = each.isPresent() && each.get() instanceof Selector.Json;
        for (Field field : fields) {
            Optional<Selector> selector = selectorOf(field);
            Require.check(!inJson || selector.isEmpty()
                    || (selector.get() instanceof Selector.Json json && json.in().isEmpty()),
                    "extract.fields." + field.name(),
                    "selects an element, but each takes JSON, which holds no elements; use json"
                            + (selector.filter(Selector.Json.class::isInstance).isPresent() ? " without in" : ""));
            if (field.source() instanceof Field.Nested nested) {
                checkPlaces(nested.fields(), inJson ? each : nested.each());
            }
        }
    }

    /** Returns all selectors of these fields. */
    static Stream<Selector> selectors(List<Field> fields) {
        return fields.stream()
                .flatMap(field -> Stream.concat(selectorOf(field).stream(),
                        field.source() instanceof Field.Nested nested ? selectors(nested.fields()) : Stream.empty()));
    }

    private static Optional<Selector> selectorOf(Field field) {
        return switch (field.source()) {
            case Field.Selected selected -> Optional.of(selected.selector());
            case Field.Nested nested -> nested.each();
            case Field.OfPage _,Field.OfHeader _,Field.OfData _,Field.Constant _,Field.OfArticle _ -> Optional.empty();
        };
    }
}
