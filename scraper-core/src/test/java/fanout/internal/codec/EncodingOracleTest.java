package fanout.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every label, every sequence of bytes that has a pointer in an index, every character, and random ones of both,
 * against another implementation of the Encoding Standard.
 */
class EncodingOracleTest {

    /** A build that people wait for reads each label, and of the other lines each fourth of an encoding and a kind. */
    private static final boolean ALL = Boolean.getBoolean("fanout.ci") || Boolean.getBoolean("fanout.mutants");

    @TestFactory
    List<DynamicTest> doesWhatTheEncodingStandardSays() throws IOException {
        Map<String, List<OracleLine>> byEncoding = new TreeMap<>();
        for (OracleLine line : OracleLine.all()) {
            byEncoding.computeIfAbsent(line.kind() + " " + line.encoding(), _ -> new ArrayList<>()).add(line);
        }
        assertThat(byEncoding).hasSize(141);
        return byEncoding.entrySet()
                .stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(),
                        () -> assertThat(sample(entry.getValue())).allSatisfy(
                                line -> assertThat(line.actual()).as(line.part()).isEqualTo(line.hash()))))
                .toList();
    }

    private static List<OracleLine> sample(List<OracleLine> lines) {
        return IntStream.range(0, lines.size())
                .filter(i -> ALL || i % 4 == 0 || lines.get(i).kind().equals("label"))
                .mapToObj(lines::get)
                .toList();
    }
}
