package fanout.sink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.journal.Position;
import fanout.outcome.Fetched;
import fanout.page.Hyperlink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinksFileTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final OutputFile file = OutputFile.on(Channels.newChannel(bytes));

    private static Fetched page(int n) {
        return Outcomes.page(n)
                .with(List.of(
                        new Hyperlink(Outcomes.url(2), Optional.of("=two"), Optional.of("nofollow"), true, true),
                        new Hyperlink(Outcomes.url(3), Optional.empty(), Optional.empty(), false, false)));
    }

    @Test
    void aLinkIsALineThatNamesItsPage() throws IOException {
        try (LinksFile links = LinksFile.jsonLines(file)) {
            links.write(page(1));
            links.write(Outcomes.page(4));
            links.write(Outcomes.failed(5));
        }

        assertThat(bytes.toString(UTF_8)).isEqualTo(
                """
                        {"from":"http://127.0.0.1/1","to":"http://127.0.0.1/2","text":"=two","rel":"nofollow","nofollow":true,"inScope":true}
                        {"from":"http://127.0.0.1/1","to":"http://127.0.0.1/3","text":null,"rel":null,"nofollow":false,"inScope":false}
                        """);
    }

    @Test
    void aTableHasAHeaderAndGuardsTexts() throws IOException {
        try (LinksFile links = LinksFile.csv(file, CsvStyle.STANDARD)) {
            links.write(page(1));
        }

        assertThat(bytes.toString(UTF_8)).isEqualTo("""
                from,to,text,rel,nofollow,inScope\r
                http://127.0.0.1/1,http://127.0.0.1/2,'=two,nofollow,true,true\r
                http://127.0.0.1/1,http://127.0.0.1/3,,,false,false\r
                """);
    }

    @Test
    void resumedFileKeepsWhatWasCommittedAndNoMore(@TempDir Path folder) throws IOException, InterruptedException {
        Path path = folder.resolve("links.jsonl");
        Position committed;
        try (LinksFile links = LinksFile.jsonLines(OutputFile.resume(path))) {
            ResumableSink sink = (ResumableSink) links;
            sink.resumeAt(Position.NONE);
            sink.write(page(1));
            committed = sink.commit();
            sink.write(page(2));
            sink.flush();
        }
        assertThat(Files.readAllLines(path)).hasSize(4);

        try (LinksFile links = LinksFile.jsonLines(OutputFile.resume(path))) {
            ResumableSink sink = (ResumableSink) links;
            sink.resumeAt(committed);
            sink.write(page(3));
        }

        assertThat(Files.readAllLines(path)).hasSize(4)
                .last()
                .asString()
                .startsWith("{\"from\":\"http://127.0.0.1/3\"");
    }
}
