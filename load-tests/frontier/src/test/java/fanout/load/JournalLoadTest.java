package fanout.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalLoadTest {

    /** A replay that lost a URL would be no measure: it fails. */
    @Test
    void whatIsWrittenIsReplayedWhole(@TempDir Path folder) throws IOException {
        JournalLoad.main(new String[]{"write", "20000", "60", folder.toString()});
        assertThat(folder.resolve("crawl.journal")).isNotEmptyFile();

        JournalLoad.main(new String[]{"replay", "20000", "60", folder.toString()});
        assertThatThrownBy(() -> JournalLoad.main(new String[]{"replay", "20001", "60", folder.toString()}))
                .hasMessage("20000 of 20001 URLs are there again");
    }
}
