package fanout.app.config.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemsTest {

    private final Problems problems = new Problems();

    private List<String> messages() {
        return problems.all().stream().map(Problems.Mistake::message).toList();
    }

    private static DocumentPosition line(int line) {
        return new DocumentPosition("job.yaml", line, 1);
    }

    @Test
    void aThousandAreKeptAndOneSaysThatThereAreMore() {
        for (int line = 1; line <= 1_000; line++) {
            problems.add(line(line), "wrong");
        }
        assertThat(problems.isFull()).isFalse();
        problems.add(line(1_001), "wrong");
        assertThat(problems.isFull()).isTrue();
        problems.add(line(1_002), "wrong");
        assertThat(messages()).hasSize(1_001).last().isEqualTo("and more problems, which are not listed");
    }

    @Test
    void longOnesHaveTheirMiddleCutOut() {
        problems.add(line(1), "x".repeat(400));
        problems.add(line(2), "a" + "x".repeat(399) + "b");
        assertThat(messages().get(0)).hasSize(400);
        assertThat(messages().get(1)).hasSize(401).startsWith("axx").contains("x…x").endsWith("xxb");
    }

    @Test
    void whatIsSecretIsInNone() {
        problems.hide("");
        problems.hide("abc");
        problems.hide("abcd");
        problems.add(line(1), "not abcd");
        problems.add(line(2), "not abc");
        problems.add(line(3), "not http://me:word@example.org/");
        problems.at(line(4), () -> {
            throw new IllegalArgumentException("quoted: abc");
        });
        assertThat(messages()).containsExactly("not (from the environment)", "not abc", "not http://…@example.org/",
                "quoted: (from the environment)");
    }
}
