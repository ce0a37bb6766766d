package fanout.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StageTest {

    @ParameterizedTest
    @CsvSource({"POLITENESS, politeness, a host that is ready", "ROBOTS, robots, robots.txt", "DNS, dns, name lookup",
        "CONNECT, connect, the connection", "HEADERS, headers, the response", "BODY, body, the rest of the body",
        "MEMORY, memory, a memory permit", "PARSE, parse, the parser", "SINK, sink, the sink"})
    void aStageHasALabelAndSaysWhatItWaitsFor(Stage stage, String label, String waitsFor) {
        assertThat(stage.label()).isEqualTo(label);
        assertThat(stage.waitsFor()).isEqualTo(waitsFor);
    }
}
