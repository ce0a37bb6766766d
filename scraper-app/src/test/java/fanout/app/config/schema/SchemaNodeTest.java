package fanout.app.config.schema;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.job.Reading;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class SchemaNodeTest {

    @Test
    void theTypesOfFieldsAreThoseOfTheCore() {
        SchemaNode field = BundledSchema.JOB.shape()
                .property("extract")
                .flatMap(SchemaNode::items)
                .flatMap(rule -> rule.property("fields"))
                .flatMap(SchemaNode::chosen)
                .orElseThrow();

        assertThat(field.property("type").orElseThrow().words()).containsExactlyElementsOf(
                Arrays.stream(Reading.Type.values()).map(type -> type.name().toLowerCase(Locale.ROOT)).toList());
    }
}
