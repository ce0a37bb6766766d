package fanout.job;

import fanout.url.TextPattern;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What to follow. Immutable.
 *
 * @param label the label of the pages that it leads to
 * @param priority of the requests for them
 * @param include found in the canonical URL of what is followed; empty: everything
 * @param exclude found in no URL that is followed
 * @param data values of the linking page, which go with the requests on top of the data that the page has itself. One
 *     that is missing is left out, unless it is required: then nothing of this page is followed
 */
public record FollowRule(
        Source source,
        Optional<String> label,
        int priority,
        List<TextPattern> include,
        List<TextPattern> exclude,
        List<Field> data) {

    /** Where in a page it is. */
    public sealed interface Source {}

    /**
     * Links that a selector picks.
     *
     * @param attr the attribute that holds the link; where the selector picks JSON objects, the member, by its name or
     *     by a pointer
     */
    public record Picked(Selector selector, String attr) implements Source {
        public Picked {
            Require.check(!attr.isBlank(), "follow.attr", "must not be blank");
        }
    }

    /**
     * One request for each page.
     *
     * @param values of the page, by the names of the request's placeholders. Nothing is followed if one is missing,
     *     null or an empty text
     * @param when picks something in the pages that lead to the request; empty: all do
     * @param identity the values that make another request; empty: whatever makes another URL or body does
     */
    public record Template(
            RequestTemplate request,
            List<Field> values,
            Optional<Selector> when,
            Optional<List<String>> identity) implements Source {
        public Template {
            values = List.copyOf(values);
            identity = identity.map(List::copyOf);
            List<String> given = values.stream().map(Field::name).toList();
            Require.check(identity.isEmpty() || given.containsAll(identity.get()), "follow.identity",
                    "names what is no value; values has " + String.join(", ", given));
            checkScalars(values, "values");
            Set<String> names = new HashSet<>(request.names());
            values.forEach(value -> names.remove(value.name()));
            Require.check(names.isEmpty(), "follow.request", "has placeholders that are no values: " + names);
        }
    }

    /**
     * A form of each page, submitted.
     *
     * @param refersToSecrets whether the values of the fields refer to secrets, see
     *     {@link fanout.page.Request.References}; then nothing is sent by a form whose fields go into its URL
     * @param identity the names of the fields that make another request; empty: all but hidden ones that the job does
     *     not fill
     */
    public record Form(FormFill fill, boolean refersToSecrets, Optional<List<String>> identity) implements Source {
        public Form {
            identity = identity.map(List::copyOf);
        }

        /** A form that refers to no secret. */
        public Form(FormFill fill, Optional<List<String>> identity) {
            this(fill, false, identity);
        }
    }

    /** The links that a job without follow rules follows. */
    public record StandardSet() implements Source {}

    public FollowRule {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
        data = List.copyOf(data);
        checkScalars(data, "data");
    }

    /** All links that a selector picks. */
    public FollowRule(Selector selector, String attr, Optional<String> label) {
        this(new Picked(selector, attr), label, 0, List.of(), List.of(), List.of());
    }

    /** Returns all its selectors. */
    Stream<Selector> selectors() {
        Stream<Selector> own = switch (source) {
            case Picked picked -> Stream.of(picked.selector());
            case Template template -> Stream.concat(template.when().stream(), Fields.selectors(template.values()));
            case Form _,StandardSet _ -> Stream.empty();
        };
        return Stream.concat(own, Fields.selectors(data));
    }

    private static void checkScalars(List<Field> fields, String key) {
        Set<String> names = new HashSet<>();
        for (Field field : fields) {
            Require.check(names.add(field.name()), "follow." + key, "has " + field.name() + " twice");
            boolean isScalar = switch (field.source()) {
                case Field.Selected selected -> !selected.list();
                case Field.OfPage _,Field.OfHeader _,Field.OfData _,Field.Constant _,Field.OfArticle _ -> true;
                case Field.Nested _ -> false;
            };
            Require.check(isScalar, "follow." + key + "." + field.name(), "is one value, not a list or an object");
        }
    }
}
