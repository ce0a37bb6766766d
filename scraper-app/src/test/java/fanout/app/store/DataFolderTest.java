package fanout.app.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {

    @Test
    void anInterruptedRequestFindsTheFolderAsItIs(@TempDir Path path) throws Exception {
        try (DataFolder data = DataFolder.open(path)) {
            Thread.currentThread().interrupt();
            assertThat(data.problem()).isEmpty();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(path.resolve("crawls")).isEmptyDirectory();
        }
    }
}
