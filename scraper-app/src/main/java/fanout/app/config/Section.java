package fanout.app.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A mapping of a job file, read key by key: each question names a key, what it may be, and its default. Whatever was not
 * asked for by {@link #close} is unknown. A null is as good as an absent key. Problems are collected, and the default stands
 * in for the bad value, so that reading goes on. Not thread-safe.
 */
final class Section implements AutoCloseable {

    private final YamlNode.Mapping mapping;
    private final Problems problems;
    private final Set<String> asked = new LinkedHashSet<>();

    Section(YamlNode.Mapping mapping, Problems problems) {
        this.mapping = mapping;
        this.problems = problems;
    }

    /** Whether a key belongs to the user, who may keep there what he likes. */
    static boolean isUsers(String key) {
        return key.startsWith("x-");
    }

    Position at() {
        return mapping.at();
    }

    /** Where a key's value stands; the section itself, if the key is absent. */
    Position at(String key) {
        return mapping.get(key).map(YamlNode::at).orElse(mapping.at());
    }

    /** A key's value, unless it is absent or null. */
    Optional<YamlNode> node(String key) {
        asked.add(key);
        return mapping.get(key).filter(node -> !(node instanceof YamlNode.Scalar scalar && scalar.isNull()));
    }

    Optional<String> text(String key) {
        return node(key).flatMap(node -> text(node, key));
    }

    /** The text of a node that a key holds. */
    Optional<String> text(YamlNode node, String key) {
        if (node instanceof YamlNode.Scalar scalar && scalar.isText()) {
            return Optional.of(scalar.text());
        }
        boolean quotable = node instanceof YamlNode.Scalar scalar && !scalar.isNull();
        problems.add(node.at(), key + " must be text, not " + node.kind() + (quotable ? " (put it in quotes)" : ""));
        return Optional.empty();
    }

    boolean flag(String key, boolean otherwise) {
        return node(key).flatMap(node -> {
            Optional<Boolean> truth = node instanceof YamlNode.Scalar scalar ? scalar.truth() : Optional.empty();
            if (truth.isEmpty()) {
                problems.add(node.at(), key + " must be true or false, not " + described(node));
            }
            return truth;
        }).orElse(otherwise);
    }

    long integer(String key, long otherwise, long least, long most) {
        return node(key).flatMap(node -> {
            Optional<Long> value = node instanceof YamlNode.Scalar scalar && scalar.isInteger()
                    ? integer(scalar.text())
                    : Optional.empty();
            return within(node, key, value, "a whole number", least, most);
        }).orElse(otherwise);
    }

    int integer(String key, int otherwise, int least, int most) {
        return Math.toIntExact(integer(key, (long) otherwise, least, most));
    }

    long size(String key, long otherwise, long most) {
        return node(key).flatMap(node -> {
            Optional<Long> value =
                    node instanceof YamlNode.Scalar scalar ? Quantities.size(scalar.text()) : Optional.empty();
            return within(node, key, value, "a size, as in 512KiB or 8MiB", 1, most);
        }).orElse(otherwise);
    }

    /** A duration of at least {@code least}, and of no more than a century, which is what core allows. */
    Duration duration(String key, Duration otherwise, Duration least) {
        return node(key).flatMap(node -> {
            Optional<Duration> value =
                    node instanceof YamlNode.Scalar scalar ? Quantities.duration(scalar.text()) : Optional.empty();
            if (value.isEmpty()) {
                problems.add(node.at(),
                        key + " must be a duration, as in 250ms, 30s, 10m or 2h, not " + described(node));
            } else if (value.get().compareTo(least) < 0 || value.get().toDays() > 36_500) {
                problems.add(node.at(), key + " must be " + (least.isZero() ? "0 or more" : "positive")
                        + " and at most 36500 days, not " + described(node));
                return Optional.empty();
            }
            return value;
        }).orElse(otherwise);
    }

    /** What each element of a list becomes; elements that are refused are left out. */
    <T> List<T> list(String key, Function<YamlNode, Optional<T>> read) {
        List<T> values = new ArrayList<>();
        node(key).ifPresent(node -> {
            if (node instanceof YamlNode.Sequence sequence) {
                sequence.elements().forEach(element -> read.apply(element).ifPresent(values::add));
            } else {
                problems.add(node.at(), key + " must be a list, not " + described(node));
            }
        });
        return values;
    }

    List<String> texts(String key) {
        return list(key, element -> text(element, key));
    }

    /** The section that a key holds; an empty one, if it is absent. */
    Section section(String key) {
        return new Section(node(key).flatMap(node -> mapping(node, key)).orElse(new YamlNode.Mapping(at(), List.of())),
                problems);
    }

    /** A node as a section. */
    Optional<Section> section(YamlNode node, String key) {
        return mapping(node, key).map(found -> new Section(found, problems));
    }

    /** A mapping whose keys are the user's to choose, in the order of the file. */
    Map<YamlNode.Scalar, YamlNode> entries(String key) {
        Map<YamlNode.Scalar, YamlNode> entries = new LinkedHashMap<>();
        node(key).flatMap(node -> mapping(node, key))
                .ifPresent(found -> found.entries().forEach(entry -> entries.put(entry.key(), entry.value())));
        return entries;
    }

    /** The text of a key that must be one of a few words. */
    Optional<String> word(String key, List<String> words) {
        return text(key).filter(word -> {
            boolean known = words.contains(word);
            if (!known) {
                problems.add(at(key), key + " must be one of " + String.join(", ", words) + ", not " + word);
            }
            return known;
        });
    }

    /**
     * What the supplier makes of this section. If it refuses, its reason becomes a problem where the key stands with which the
     * reason begins, as those of {@link fanout.job.CrawlJob} and its parts do.
     */
    <T> Optional<T> make(Supplier<? extends T> supplier) {
        try {
            return Optional.of(supplier.get());
        } catch (IllegalArgumentException e) {
            String reason = String.valueOf(e.getMessage());
            String key = reason.split(" ", 2)[0];
            problems.add(at(key.substring(key.lastIndexOf('.') + 1)), reason);
            return Optional.empty();
        }
    }

    private Optional<YamlNode.Mapping> mapping(YamlNode node, String key) {
        if (node instanceof YamlNode.Mapping found) {
            return Optional.of(found);
        }
        problems.add(node.at(), key + " must be a mapping, not " + described(node));
        return Optional.empty();
    }

    private Optional<Long> within(YamlNode node, String key, Optional<Long> value, String what, long least, long most) {
        if (value.isEmpty()) {
            problems.add(node.at(), key + " must be " + what + ", not " + described(node));
        } else if (value.get() < least || value.get() > most) {
            problems.add(node.at(), key + " must be between " + least + " and " + most + ", not " + described(node));
            return Optional.empty();
        }
        return value;
    }

    private static Optional<Long> integer(String text) {
        try {
            return Optional.of(text.startsWith("0o") ? Long.parseLong(text.substring(2), 8)
                    : text.startsWith("0x") ? Long.parseLong(text.substring(2), 16) : Long.parseLong(text));
        } catch (NumberFormatException e) {
            return Optional.of(text.startsWith("-") ? Long.MIN_VALUE : Long.MAX_VALUE); // digits, but too many of them
        }
    }

    private static String described(YamlNode node) {
        return node instanceof YamlNode.Scalar scalar && !scalar.isNull()
                ? (scalar.plain() ? scalar.text() : "\"" + scalar.text() + "\"")
                : node.kind();
    }

    /** Tells which keys nobody asked for. */
    @Override
    public void close() {
        for (YamlNode.Entry entry : mapping.entries()) {
            String key = entry.key().text();
            if (!asked.contains(key) && !isUsers(key)) {
                problems.add(entry.key().at(), "unknown key " + key
                        + NearestKey.to(key, asked).map(nearest -> "; did you mean " + nearest + "?").orElse(""));
            }
        }
    }
}
