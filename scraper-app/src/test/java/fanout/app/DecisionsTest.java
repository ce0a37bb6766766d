package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.Docs.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The index of decisions names each with its status. With {@code -Dfanout.write=true} this writes it. */
class DecisionsTest {

    private static final Part TABLE = new Part("../scraper-core/docs/adr/README.md",
            "<!-- The decisions: made from the files, see CONTRIBUTING.md -->\n", "<!-- end of the decisions -->");

    /** A file without a status is a decision that holds as it stands. */
    private static final Pattern DECISION =
            Pattern.compile("# ([0-9]{4}) (.+)\n\n(?:\\*\\*Status\\.\\*\\* (.+)\\.\n)?");

    @Test
    void everyDecisionIsInTheIndexWithItsStatus() throws IOException {
        StringBuilder table = new StringBuilder("| number | decision | status |\n|---|---|---|\n");
        for (Path file : files()) {
            String name = file.getFileName().toString();
            Matcher decision = DECISION.matcher(Docs.read(file));
            assertThat(decision.lookingAt()).as(name + " begins with its number and title").isTrue();
            assertThat(name).startsWith(decision.group(1) + "-");
            String status = decision.group(3) == null ? "Accepted" : decision.group(3);
            assertThat(status).as(name).matches("(Proposed|Accepted|Superseded|Rejected)\\b.*");
            table.append("| ")
                    .append(decision.group(1))
                    .append(" | [")
                    .append(decision.group(2))
                    .append("](")
                    .append(name)
                    .append(") | ")
                    .append(status)
                    .append(" |\n");
        }
        TABLE.isWritten(table.toString());
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(Docs.ROOT.resolve("scraper-core/docs/adr"))) {
            return files.filter(file -> !file.endsWith("README.md")).sorted().toList();
        }
    }
}
