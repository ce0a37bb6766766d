package fanout.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.job.CrawlJob;
import fanout.job.ExtractRule;
import fanout.job.Field;
import fanout.job.Selector;
import fanout.journal.JournalException;
import fanout.journal.Position;
import fanout.page.Item;
import fanout.report.CrawlReport.FilledField;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FieldCountsTest {

    private static final FieldCounts NONE = new FieldCounts(fields());

    private static ExtractRule rule(String name, String... fields) {
        List<Field> all = new ArrayList<>();
        for (String field : fields) {
            all.add(Field.select(field, new Selector.Css("h1")).build());
        }
        return new ExtractRule(name, Optional.empty(), Optional.empty(), Optional.empty(), all);
    }

    private static SequencedMap<String, Set<String>> fields(ExtractRule... rules) {
        return CrawlJob.builder("docs")
                .startUrl("http://example.org/")
                .extract(List.of(rules))
                .build()
                .parsing()
                .fields();
    }

    private static Item item(String rule, String field, @Nullable Object value) {
        Map<String, @Nullable Object> fields = new HashMap<>();
        fields.put(field, value);
        return Item.of(Outcomes.url(1), rule, fields);
    }

    @Test
    void fieldsOfAllRulesAreCountedInTheOrderOfTheJob() {
        FieldCounts counts = new FieldCounts(fields(rule("b", "y", "x"), rule("a", "z"), rule("b", "x", "w")));
        counts.write(Outcomes.page(1, item("b", "x", "text"), item("b", "w", 0), item("unknown", "x", "text")));
        counts.write(Outcomes.failed(2));

        assertThat(counts.fields()).containsExactly(new FilledField("b", "y", 2, 0), new FilledField("b", "x", 2, 1),
                new FilledField("b", "w", 2, 1), new FilledField("a", "z", 0, 0));
        assertThat(NONE.fields()).isEmpty();
    }

    @Test
    void blankTextsAndListsWithoutAValueAreNotFilled() {
        FieldCounts counts = new FieldCounts(fields(rule("a", "x")));
        for (Object empty : new Object[]{"", " \n", List.of(), List.of("", List.of()), Map.of(), Map.of("a", " ")}) {
            counts.write(Outcomes.page(1, item("a", "x", empty)));
        }
        counts.write(Outcomes.page(1, item("a", "x", null)));
        assertThat(counts.fields()).containsExactly(new FilledField("a", "x", 7, 0));
        for (Object filled : new Object[]{"0", 0, false, List.of("", "a"), Map.of("a", 1)}) {
            counts.write(Outcomes.page(1, item("a", "x", filled)));
        }
        assertThat(counts.fields()).containsExactly(new FilledField("a", "x", 12, 5));
    }

    @Test
    void rateIsNeverRoundedUp() {
        assertThat(new FilledField("a", "x", 100_000, 99_999).percent()).hasValue(99.9);
        assertThat(new FilledField("a", "x", 3, 3).percent()).hasValue(100);
        assertThat(new FilledField("a", "x", 0, 0).percent()).isEmpty();
    }

    @Test
    void resumedCrawlCountsFromWhatWasCommitted() throws Exception {
        String[] many = IntStream.range(0, 1200).mapToObj(n -> "f" + n).toArray(String[]::new);
        SequencedMap<String, Set<String>> job = fields(rule("a", many), rule("b", "x"));
        FieldCounts counts = new FieldCounts(job);
        counts.write(Outcomes.page(1, item("a", "f1199", "text"), item("b", "x", "text")));
        Position committed = counts.commit();
        assertThat(committed.parts()).hasSize(3);
        List<FilledField> before = counts.fields();
        counts.write(Outcomes.page(1, item("b", "x", "text")));

        FieldCounts later = new FieldCounts(job);
        later.resumeAt(committed);
        assertThat(later.fields()).isEqualTo(before);
        later.resumeAt(Position.NONE);
        assertThat(later.fields()).allMatch(field -> field.items() == 0 && field.filled() == 0);
    }

    @Test
    void countsOfAnotherJobAreRefused() throws Exception {
        Position other = new FieldCounts(fields(rule("a", "x", "y"))).commit();
        FieldCounts counts = new FieldCounts(fields(rule("a", "x")));

        assertThatThrownBy(() -> counts.resumeAt(other)).isInstanceOf(JournalException.class);
        assertThatThrownBy(() -> counts.resumeAt(Position.of(List.of(new Position("1,x", List.of())))))
                .isInstanceOf(JournalException.class);
        NONE.resumeAt(NONE.commit());
    }
}
