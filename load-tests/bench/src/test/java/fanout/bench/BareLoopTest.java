package fanout.bench;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.synthetic.SyntheticWeb;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BareLoopTest {

    /** A measure that skipped pages would be no measure. */
    @Test
    void theBareLoopCrawlsEveryPageOnceAndWritesItsTitle(@TempDir Path folder) throws Exception {
        Path out = folder.resolve("pages.jsonl");
        try (SyntheticWeb web =
                SyntheticWeb.builder().pagesPerHost(500).linksPerPage(8).start()) {
            BareLoop.main(new String[]{web.urlOf(0, 0), out.toString(), "16"});

            List<String> lines = Files.readAllLines(out);
            assertThat(lines.stream().map(line -> line.replaceAll(",\"links\":[1-8]}$", "")))
                    .containsExactlyInAnyOrderElementsOf(web.expectedPages()
                            .values()
                            .stream()
                            .map(page -> "{\"url\":\"" + page.url() + "\",\"status\":200,\"title\":\"" + page.title()
                                    + "\"")
                            .collect(Collectors.toList()));
            assertThat(web.arrivalCount()).isEqualTo(500);
        }
    }
}
