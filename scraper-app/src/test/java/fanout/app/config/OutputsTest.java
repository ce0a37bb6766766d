package fanout.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputsTest {

    @Test
    void linksToOneFileAreOnePath(@TempDir Path folder) throws IOException {
        Files.createSymbolicLink(folder.resolve("link"), folder);

        assertThat(JobFiles.problems(
                JobFiles.SMALL + "output: {pages: " + folder + "/a.jsonl, items: " + folder + "/link/a.jsonl}"))
                .singleElement()
                .asString()
                .contains("items and pages are both written to");
        assertThat(JobFiles.problems(JobFiles.SMALL + "output: {pages: /dev/null, items: /dev/null}")).isEmpty();
    }

    @Test
    void aSecondNameOfAFileAndALinkToWhereItWillBeAreThatFile(@TempDir Path folder) throws IOException {
        Files.createLink(folder.resolve("b.jsonl"), Files.createFile(folder.resolve("a.jsonl")));
        Files.createSymbolicLink(folder.resolve("d.jsonl"), Path.of("c.jsonl"));

        for (String two : List.of("pages: F/a.jsonl, items: F/b.jsonl", "pages: F/c.jsonl, items: F/d.jsonl")) {
            assertThat(JobFiles.problems(JobFiles.SMALL + "output: {" + two.replace("F", folder.toString()) + "}"))
                    .singleElement()
                    .asString()
                    .contains("items and pages are both written to");
        }
    }
}
