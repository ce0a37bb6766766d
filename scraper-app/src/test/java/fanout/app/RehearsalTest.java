package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.rehearsal.Rehearsal;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {

    @Test
    void everyCommandDoesWhatIsExpectedOfIt(@TempDir Path folder) throws Exception {
        assertThat(new Rehearsal(folder, Main::runUnread, 1).run()).isZero();
        assertThat(folder.resolve("pages.jsonl")).content().contains("\"outcome\":\"ok\"");
        assertThat(folder.resolve("demo/items.jsonl")).isNotEmptyFile();
        assertThat(folder.resolve("data/access.jsonl")).content()
                .contains("\"/health/live\"", "\"/api/v1/schema\"")
                .doesNotContain("\"status\":404");
    }
}
