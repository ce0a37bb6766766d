package fanout.app.service.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.app.service.run.Committed;
import fanout.app.service.run.CrawlTask;
import fanout.app.store.CrawlFolder;
import fanout.app.store.LineScan;
import fanout.job.CrawlJob;
import fanout.sink.CsvView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which lines a reader gets, and where a page of them ends. */
class LinesTest {

    private static final LineFilter ALL = new LineFilter(Optional.empty(), Optional.empty(), Optional.empty(), true);

    /** Each word stands in one member of one line, so a filter that looks elsewhere finds another line. */
    private static final List<String> PAGES = List.of(
            "{\"url\":\"http://a/One\",\"outcome\":\"ok\",\"reason\":null,\"title\":\"Two\",\"detail\":\"three\"}",
            "{\"url\":\"http://a/two/4\",\"outcome\":\"failed\",\"reason\":\"timeout\",\"title\":null,"
                    + "\"detail\":\"ok\"}",
            "{\"url\":\"http://a/5\",\"outcome\":\"failed\",\"reason\":\"dns\",\"title\":\"\\u00c4 "
                    + "\\\"six\\\"\",\"detail\":\"timeout\"}",
            "{\"x\":{\"outcome\":\"ok\",\"url\":\"one\"},\"url\":\"http://a/7\",\"outcome\":\"skipped\","
                    + "\"reason\":\"robots\",\"title\":7}");

    @TempDir
    private Path folder;

    private static Optional<String> given(String text) {
        return Optional.ofNullable(text).filter(given -> !given.isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"'','','',0123", "ok,'','',0", "failed,'','',12", "skipped,'','',3", "redirected,'','',''",
        "'',timeout,'',1", "'',dns,'',2", "'',robots,'',3", "failed,dns,'',2", "ok,dns,'',''", "'','',one,0",
        "'','',two,01", "'','',three,''", "'','',4,1", "'','',ä,2", "'','','\"six',2", "'','',7,3", "failed,'',two,1",
        "failed,timeout,two,1", "failed,dns,two,''", "'','',http://a/,0123", "'','',timeout,''"})
    void aPageIsTakenIfEachPartOfTheFilterFits(String outcome, String reason, String text, String taken) {
        LineFilter filter = new LineFilter(given(outcome), given(reason), given(text), true);
        assertThat(IntStream.range(0, PAGES.size())
                .filter(i -> filter.takes(PAGES.get(i).getBytes(UTF_8)))
                .mapToObj(String::valueOf)
                .collect(Collectors.joining())).isEqualTo(taken);
        assertThat(filter.isEmpty()).isEqualTo(outcome.isEmpty() && reason.isEmpty() && text.isEmpty());
    }

    @Test
    void anItemIsTakenIfTheTextStandsAnywhereInIt() {
        LineFilter filter = new LineFilter(Optional.empty(), Optional.empty(), Optional.of("blue"), false);
        assertThat(filter.takes("{\"_url\":\"http://a/\",\"tags\":[\"Blue\"]}".getBytes(UTF_8))).isTrue();
        assertThat(filter.takes("{\"_url\":\"http://a/\",\"tags\":[\"red\"]}".getBytes(UTF_8))).isFalse();
    }

    private Path file(String... lines) throws IOException {
        return Files.writeString(folder.resolve("lines"), String.join("\n", lines) + "\n");
    }

    private static String page(Path path, long offset, long end, LinePage page, long next) throws IOException {
        try (FileChannel file = FileChannel.open(path)) {
            assertThat(page.read(path, file, offset, end)).as("where the next page begins").isEqualTo(next);
        }
        return new String(page.bytes(false), UTF_8);
    }

    @Test
    void aPageEndsBehindItsLastLine() throws IOException {
        Path path = file("{}", "{ }", "{  }", "{   }");
        assertThat(page(path, 0, 18, new LinePage(ALL, 2, Optional.empty()), 7)).isEqualTo("{}\n{ }\n");
        assertThat(page(path, 7, 18, new LinePage(ALL, 1, Optional.empty()), 12)).isEqualTo("{  }\n");
        assertThat(page(path, 12, 18, new LinePage(ALL, 9, Optional.empty()), 18)).isEqualTo("{   }\n");
        assertThat(page(path, 0, 12, new LinePage(ALL, 9, Optional.empty()), 12)).as("what is committed")
                .isEqualTo("{}\n{ }\n{  }\n");
        assertThat(page(path, 18, 18, new LinePage(ALL, 9, Optional.empty()), 18)).isEmpty();
    }

    @Test
    void aFilteredPageEndsBehindTheLastLineThatItTakes() throws IOException {
        Path path = file(PAGES.toArray(String[]::new));
        LineFilter failed = new LineFilter(Optional.of("failed"), Optional.empty(), Optional.empty(), true);
        long second = (PAGES.get(0) + "\n" + PAGES.get(1) + "\n").getBytes(UTF_8).length;
        assertThat(page(path, 0, Files.size(path), new LinePage(failed, 1, Optional.empty()), second))
                .isEqualTo(PAGES.get(1) + "\n");
        assertThat(page(path, second, Files.size(path), new LinePage(failed, 2, Optional.empty()), Files.size(path)))
                .isEqualTo(PAGES.get(2) + "\n");
    }

    @Test
    void aPageOfLargeLinesEndsEarly() throws IOException {
        String large = "{" + " ".repeat((4 << 20) - 3) + "}";
        Path path = file(large, large, large);
        assertThat(page(path, 0, 12 << 20, new LinePage(ALL, 9, Optional.empty()), 8 << 20)).hasSize(8 << 20);
    }

    /** A file of objects of nothing but spaces, each of eight mebibytes. */
    @Test
    void aPageEndsEarlyWhenMuchWasReadForIt() throws IOException {
        int line = 8 << 20;
        Path path = file(Collections.nCopies(10, "{" + " ".repeat(line - 3) + "}").toArray(String[]::new));
        LineFilter nowhere = new LineFilter(Optional.empty(), Optional.empty(), Optional.of("blue"), false);
        assertThat(page(path, line, 10L * line, new LinePage(nowhere, 9, Optional.empty()), 9L * line)).isEmpty();
    }

    @Test
    void aLineBeginsAtTheStartAndBehindEachEnd() throws IOException {
        try (FileChannel file = FileChannel.open(file("a1", "b"))) {
            assertThat(IntStream.rangeClosed(0, 6).filter(at -> {
                try {
                    return LineScan.isStart(file, at);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            })).containsExactly(0, 3, 5);
        }
    }

    private static String chosen(Path path, long offset, LineFilter filter, Optional<CsvView> csv, OutputStream... to)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new ChosenLines(path, offset, Files.size(path), filter, csv).writeTo(to.length == 0 ? out : to[0]);
        return out.toString(UTF_8);
    }

    @Test
    void allThatFitAreWrittenWithOneHeader() throws IOException {
        Path path = file(PAGES.toArray(String[]::new));
        LineFilter failed = new LineFilter(Optional.of("failed"), Optional.empty(), Optional.empty(), true);
        assertThat(chosen(path, 0, failed, Optional.empty())).isEqualTo(PAGES.get(1) + "\n" + PAGES.get(2) + "\n");
        assertThat(chosen(path, PAGES.get(0).length() + 1L, ALL, Optional.empty()))
                .isEqualTo(PAGES.get(1) + "\n" + PAGES.get(2) + "\n" + PAGES.get(3) + "\n");
        String csv = chosen(path, 0, failed, Optional.of(CsvView.ofPages()));
        assertThat(csv.lines()).hasSize(3).first().asString().startsWith("url,outcome,reason,status,");
        assertThat(csv).contains("\r\nhttp://a/two/4,failed,timeout,", "\r\nhttp://a/5,failed,dns,");
        assertThat(chosen(path, PAGES.get(0).length() + 1L, failed, Optional.of(CsvView.ofPages())).lines()).hasSize(2)
                .first()
                .asString()
                .startsWith("http://a/two/4,");
    }

    /** Hears that the request makes progress, and gets no line. */
    private abstract static class Listener extends OutputStream {

        @Override
        public void write(int b) {
            throw new AssertionError("nothing fits");
        }

        @Override
        public abstract void flush() throws IOException;
    }

    /** Whoever looks for a line in a large file must not be taken for a reader that has stopped. */
    @ParameterizedTest
    @CsvSource({"524288, 2", "524289, 3"})
    void aLongSearchSaysThatItMakesProgress(int length, int said) throws IOException {
        String line = "{\"url\":\"" + "x".repeat(length - 11) + "\"}";
        Path path = file(line, line, line, line, line, line);
        AtomicInteger flushes = new AtomicInteger();
        chosen(path, 0, new LineFilter(Optional.of("ok"), Optional.empty(), Optional.empty(), true), Optional.empty(),
                new Listener() {
                    @Override
                    public void flush() {
                        flushes.incrementAndGet();
                    }
                });
        assertThat(Files.size(path)).isEqualTo(6L * length);
        assertThat(flushes).hasValue(said);
    }

    /** So does one that waits for the first line of a crawl that has not begun. */
    @Test
    @Timeout(20)
    void waitingForTheFirstLineSaysThatItIsAlive() {
        CrawlTask waiting = new CrawlTask("a", CrawlJob.builder("test").startUrl("http://127.0.0.1/").build(),
                new CrawlFolder(folder));
        StoredLines lines = new StoredLines(folder.resolve("none"), 0, waiting.pages(), true);
        assertThatThrownBy(() -> lines.writeTo(new Listener() {
            @Override
            public void flush() throws IOException {
                throw new IOException("it is alive");
            }
        })).hasMessage("it is alive");
    }

    private static String stored(Path path, long offset, long committed, boolean follow) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new StoredLines(path, offset, Committed.ended(committed), follow).writeTo(out);
        return out.toString(UTF_8);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void storedBytesEndWhereTheyAreCommitted(boolean follow) throws Exception {
        Path path = file("a1", "b22", "c333");
        assertThat(stored(path, 0, 7, follow)).isEqualTo("a1\nb22\n");
        assertThat(stored(path, 3, 7, follow)).isEqualTo("b22\n");
        assertThat(stored(path, 7, 7, follow)).isEmpty();
        assertThat(stored(folder.resolve("none"), 0, 0, follow)).isEmpty();
        assertThatThrownBy(() -> stored(path, 3, 13, follow)).isInstanceOf(IOException.class)
                .hasMessage("the file is shorter than what was committed: 12 of 13 bytes");
        String large = "x".repeat(1 << 17);
        assertThat(stored(file(large, "y"), 1, large.length() + 1L, follow)).isEqualTo(large.substring(1) + "\n");
    }

    @Test
    void aFileThatIsShorterThanItWasIsNotWhole() throws IOException {
        Path path = file("{}", "{ }");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThatThrownBy(() -> new ChosenLines(path, 0, 9, ALL, Optional.empty()).writeTo(out))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("7 of 9 bytes");
        new ChosenLines(folder.resolve("none"), 0, 0, ALL, Optional.of(CsvView.ofItems(List.of("a")))).writeTo(out);
        assertThat(out.toString(UTF_8)).endsWith("_url,_rule,a\r\n");
    }
}
