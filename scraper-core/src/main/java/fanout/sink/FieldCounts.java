package fanout.sink;

import fanout.journal.JournalException;
import fanout.journal.JournalException.Refusal;
import fanout.journal.Position;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.page.Item;
import fanout.report.CrawlReport.FilledField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts in how many items each field of a job's rules is filled. A program puts it next to its sinks, and its counts
 * into the report, by {@link fanout.report.CrawlReport#withFields}. Of a crawl that resumes it has the items of all
 * runs, because its counts are its position.
 *
 * <p>Confined to the thread that writes, and to that which joined it. Owns nothing.
 */
public final class FieldCounts implements ResumableSink {

    /** So many numbers are within the longest place of a position, however large they are. */
    private static final int NUMBERS_OF_A_PART = 500;

    private final SequencedMap<String, Rule> rules = new LinkedHashMap<>();

    /**
     * Counts for one crawl, from zero.
     *
     * @param fields of each rule, as {@link fanout.job.Parsing#fields} returns them
     */
    public FieldCounts(SequencedMap<String, ? extends Collection<String>> fields) {
        fields.forEach((rule, names) -> {
            Rule counted = new Rule();
            names.forEach(name -> counted.filled.put(name, 0L));
            rules.put(rule, counted);
        });
    }

    /** The items of the rules that have one name. */
    private static final class Rule {

        private long items;
        private final SequencedMap<String, Long> filled = new LinkedHashMap<>();

        private void add(Item item) {
            items++;
            filled.replaceAll((name, count) -> count + (isFilled(item.fields().get(name)) ? 1 : 0));
        }
    }

    /** Whether a value is there: neither null nor blank, nor a list without one that is. */
    private static boolean isFilled(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case CharSequence text -> !text.toString().isBlank();
            case Collection<?> list -> list.stream().anyMatch(FieldCounts::isFilled);
            case Map<?, ?> object -> object.values().stream().anyMatch(FieldCounts::isFilled);
            default -> true;
        };
    }

    @Override
    public void write(Outcome outcome) {
        if (outcome instanceof Fetched page) {
            for (Item item : page.items()) {
                Rule rule = rules.get(item.rule());
                if (rule != null) {
                    rule.add(item);
                }
            }
        }
    }

    /** What was counted, in the job's order. */
    public List<FilledField> fields() {
        List<FilledField> fields = new ArrayList<>();
        rules.forEach((name, rule) -> rule.filled
                .forEach((field, filled) -> fields.add(new FilledField(name, field, rule.items, filled))));
        return fields;
    }

    @Override
    public Position commit() {
        List<String> numbers = new ArrayList<>();
        for (Rule rule : rules.values()) {
            numbers.add(Long.toString(rule.items));
            rule.filled.values().forEach(count -> numbers.add(Long.toString(count)));
        }
        List<Position> parts = new ArrayList<>();
        for (int i = 0; i < numbers.size(); i += NUMBERS_OF_A_PART) {
            List<String> some = numbers.subList(i, Math.min(i + NUMBERS_OF_A_PART, numbers.size()));
            parts.add(new Position(String.join(",", some), List.of()));
        }
        return Position.of(parts);
    }

    /** A crawl that a version without these counts began has them from here on. */
    @Override
    public void resumeAt(Position position) throws JournalException {
        List<Long> numbers = new ArrayList<>();
        try {
            position.parts()
                    .forEach(part -> Arrays.stream(part.place().split(",")).map(Long::valueOf).forEach(numbers::add));
        } catch (NumberFormatException e) {
            throw other(e);
        }
        int expected = rules.values().stream().mapToInt(rule -> 1 + rule.filled.size()).sum();
        if (!numbers.isEmpty() && numbers.size() != expected) {
            throw other(new IllegalArgumentException(numbers.size() + " numbers, not " + expected));
        }
        int next = 0;
        for (Rule rule : rules.values()) {
            rule.items = numbers.isEmpty() ? 0 : numbers.get(next++);
            for (Map.Entry<String, Long> count : rule.filled.entrySet()) {
                count.setValue(numbers.isEmpty() ? 0 : numbers.get(next++));
            }
        }
    }

    private static JournalException other(RuntimeException why) {
        return new JournalException(Refusal.OUTPUT, "the counts of fields in the journal are of another job", why);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
