package fanout.app.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import fanout.app.config.Output;
import fanout.app.config.Outputs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Makes way for crawls that are not there: the files of each run are written by hand. */
class KeptRunsTest {

    private static final String FIRST = "20261201T030000Z";
    private static final String SECOND = "20261202T030000Z";
    private static final String THIRD = "20261203T030000Z";

    @TempDir
    private Path folder;

    private Outputs outputs(int keep) {
        return outputs("pages.jsonl", "items.jsonl", "report.json", keep);
    }

    private Outputs outputs(String pages, String items, String report, int keep) {
        return new Outputs(output(pages), output(items), output(report), Optional.empty(), keep);
    }

    private Output.File output(String name) {
        return new Output.File(name.equals("-") ? Path.of(name) : folder.resolve(name), Output.Format.JSON_LINES);
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static String page(String outcome, String day) {
        return "{\"url\":\"http://a.org/\",\"outcome\":\"" + outcome + "\",\"reason\":null,\"title\":\"\\\"outcome\\\":"
                + "\\\"ok\\\"\",\"fetchedAt\":\"2026-12-" + day + "T03:00:01.250Z\",\"data\":{\"outcome\":\"ok\"}}\n";
    }

    private static String report(String day, long ok) {
        return "{\"job\":\"docs\",\"finishReason\":\"exhausted\",\"runs\":1,\"startedAt\":\"2026-12-" + day
                + "T03:00:00.500Z\",\"elapsedMs\":4000,\"accounting\":{\"ok\":" + ok + ",\"reasons\":{}}}";
    }

    /** Writes what a run of this day leaves. */
    private void run(String day, String outcome) throws IOException {
        write("pages.jsonl", page("failed", day) + page(outcome, day));
        write("items.jsonl", outcome.equals("ok") ? "{\"day\":\"" + day + "\"}\n" : "");
        write("report.json", report(day, outcome.equals("ok") ? 1 : 0));
    }

    private List<Path> makeWay(Outputs outputs) throws IOException {
        return makeWay(outputs, KeptRuns.Disk.REAL);
    }

    private static List<Path> makeWay(Outputs outputs, KeptRuns.Disk disk) throws IOException {
        return new KeptRuns(outputs, disk).makeWay(Optional.empty(), Optional.empty()).folders();
    }

    /** What lies in the folder, by its path. */
    private Map<String, String> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            Map<String, String> files = new TreeMap<>();
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(file).toString(), Files.readString(file));
            }
            return files;
        }
    }

    @Test
    void goodRunIsMovedIntoTheFolderOfItsStart() throws IOException {
        run("01", "ok");
        Map<String, String> before = files();

        assertThat(makeWay(outputs(1))).containsExactly(folder.toRealPath().resolve("previous/" + FIRST));

        Map<String, String> moved = new TreeMap<>();
        before.forEach((name, text) -> moved.put("previous/" + FIRST + "/" + name, text));
        assertThat(files()).isEqualTo(moved);
    }

    @Test
    void runWithoutAGoodPageIsLeftToBeReplaced() throws IOException {
        run("01", "ok");
        makeWay(outputs(1));
        run("02", "skipped");
        Map<String, String> before = files();

        assertThat(makeWay(outputs(1))).isEmpty();
        assertThat(files()).isEqualTo(before);

        write("pages.jsonl", "{\"url\":\"http://a.org/\",\"outcome\":\"ok\",\"external\":true}\n{\"outcome\":\"o");
        assertThat(makeWay(outputs(1))).as("a page of another site, and a torn line").isEmpty();
    }

    @Test
    void unmodifiedAndFreshPagesAreGood() throws IOException {
        write("pages.jsonl", page("unmodified", "01"));
        assertThat(makeWay(outputs(3))).hasSize(1);
        write("pages.jsonl", page("skipped", "02").replace("\"reason\":null", "\"reason\":\"fresh\""));
        assertThat(makeWay(outputs(3))).hasSize(1);
        assertThat(files().keySet()).containsExactly("previous/20261201T030001Z/pages.jsonl",
                "previous/20261202T030001Z/pages.jsonl");
    }

    @Test
    void onlySoManyRunsStayAndNoFileOfAPerson() throws IOException {
        for (String day : List.of("01", "02", "03", "04")) {
            run(day, "ok");
            makeWay(outputs(2));
            if (day.equals("01")) {
                write("previous/" + FIRST + "/notes.txt", "mine");
                write("previous/notes/pages.jsonl", "mine");
                write("previous/20250101T000000Z/other.jsonl", "of another job");
            }
        }

        assertThat(files().keySet()).containsExactly(
                "previous/20250101T000000Z/other.jsonl",
                "previous/" + FIRST + "/notes.txt",
                "previous/" + THIRD + "/items.jsonl",
                "previous/" + THIRD + "/pages.jsonl",
                "previous/" + THIRD + "/report.json",
                "previous/20261204T030000Z/items.jsonl",
                "previous/20261204T030000Z/pages.jsonl",
                "previous/20261204T030000Z/report.json",
                "previous/notes/pages.jsonl");
        assertThat(folder.resolve("previous/" + SECOND)).doesNotExist();
    }

    @Test
    void keepOfZeroMovesAndDeletesNothing() throws IOException {
        run("01", "ok");
        makeWay(outputs(1));
        run("02", "ok");
        Map<String, String> before = files();

        assertThat(makeWay(outputs(0))).isEmpty();
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void runsOfOneSecondGetANumber() throws IOException {
        for (int i = 0; i < 11; i++) {
            run("01", "ok");
            makeWay(outputs(2));
        }
        assertThat(files().keySet()).hasSize(6)
                .contains("previous/" + FIRST + "-10/pages.jsonl", "previous/" + FIRST + "-11/pages.jsonl");
    }

    @Test
    void runThatIsMovedNowStaysIfTheClockWentBack() throws IOException {
        run("02", "ok");
        makeWay(outputs(1));
        run("01", "ok");
        makeWay(outputs(1));
        assertThat(files().keySet()).hasSize(3).allMatch(name -> name.startsWith("previous/" + FIRST));
    }

    @Test
    void outputsInSeveralFoldersMoveNextToThemselves() throws IOException {
        write("a/pages.csv", "url;outcome;reason;fetchedAt\r\n\"x;\ny\";ok;;2026-12-01T03:00:01Z\r\n");
        write("b/items.jsonl", "{}\n");
        write("report.json", report("01", 1));

        assertThat(makeWay(outputs("a/pages.csv", "b/items.jsonl", "report.json", 1))).hasSize(3);

        assertThat(files().keySet()).containsExactly("a/previous/" + FIRST + "/pages.csv",
                "b/previous/" + FIRST + "/items.jsonl", "previous/" + FIRST + "/report.json");
    }

    @Test
    void formatsOfPagesAreReadByWhatTheySay() throws IOException {
        for (String text : List.of("\uFEFFurl,outcome\nhttp://a.org,ok\n", "url\toutcome\nx\tok\n",
                "url,outcome,title\nx,failed,\"\ny,ok,\"\nz,ok,\n")) {
            write("pages.csv", text);
            assertThat(StoredPages.first(folder.resolve("pages.csv")).isGood()).as(text).isTrue();
        }
        for (String text : List.of("", "\n", "notes of a person\n", "url", "url,outcome\n",
                "url,outcome,title\nx,failed,\"\ny,ok,\"\n", "url,outcome,external\nx,ok,true\n", "{\n", "{}\n[]\n")) {
            write("pages.csv", text);
            assertThat(StoredPages.first(folder.resolve("pages.csv")).isGood()).as(text).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gz", "zst"})
    void compressedPagesAreReadAndKeptIfTheyCannotBe(String ending) throws IOException {
        Path file = folder.resolve("pages.jsonl." + ending);
        try (OutputStream zipped = compressed(file)) {
            zipped.write(page("ok", "01").getBytes(UTF_8));
        }
        assertThat(StoredPages.first(file))
                .isEqualTo(new StoredPages.Found(true, Optional.of(Instant.parse("2026-12-01T03:00:01.250Z"))));
        try (OutputStream zipped = compressed(file)) {
            zipped.write(page("failed", "01").getBytes(UTF_8));
        }
        assertThat(StoredPages.first(file).isGood()).isFalse();
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 30));
        assertThat(StoredPages.first(file).isGood()).as("a part of a member").isTrue();
    }

    private static OutputStream compressed(Path file) throws IOException {
        OutputStream stored = Files.newOutputStream(file);
        return file.toString().endsWith(".gz") ? new GZIPOutputStream(stored) : new ZstdOutputStreamNoFinalizer(stored);
    }

    @Test
    void withoutAFileOfPagesItemsAndReportSayWhetherTheRunWasGood() throws IOException {
        write("report.json", report("01", 1));
        assertThat(makeWay(outputs("-", "items.jsonl", "report.json", 9))).hasSize(1);
        write("report.json", report("02", 0));
        assertThat(makeWay(outputs("-", "items.jsonl", "report.json", 9))).isEmpty();
        write("items.jsonl", "{}\n");
        assertThat(makeWay(outputs("-", "items.jsonl", "report.json", 9))).hasSize(1);
        write("items.csv", "_url,_rule,title\r\n");
        assertThat(makeWay(outputs("-", "items.csv", "-", 9))).isEmpty();
        write("items.csv", "_url,_rule,title\r\na,b,c\r\n");
        assertThat(makeWay(outputs("-", "items.csv", "-", 9))).hasSize(1);
        assertThat(makeWay(outputs("-", "-", "-", 9))).isEmpty();
        assertThat(makeWay(outputs("-", "/dev/null", "-", 9))).isEmpty();
    }

    /** A run that was killed has no report, and one before it without a good page left its own. */
    @Test
    void reportOfAnEarlierRunIsNotMovedWithALaterOne() throws IOException {
        write("report.json", report("01", 0));
        write("pages.jsonl", page("ok", "02"));

        makeWay(outputs(1));

        assertThat(files().keySet()).containsExactly("previous/20261202T030001Z/pages.jsonl", "report.json");
    }

    @Test
    void lastReportStaysUntilANewerRunHasOne() throws IOException {
        run("01", "ok");
        makeWay(outputs(1));
        write("pages.jsonl", page("ok", "02"));
        makeWay(outputs(1));
        assertThat(files().keySet()).containsExactly("previous/" + FIRST + "/report.json",
                "previous/20261202T030001Z/pages.jsonl");

        run("03", "ok");
        makeWay(outputs(1));
        assertThat(files().keySet()).allMatch(name -> name.startsWith("previous/" + THIRD)).hasSize(3);
    }

    @Test
    void targetOfALinkIsMovedAndTheLinkStays() throws IOException {
        run("01", "ok");
        Files.createDirectories(folder.resolve("disk"));
        Files.move(folder.resolve("pages.jsonl"), folder.resolve("disk/far.jsonl"));
        Files.createSymbolicLink(folder.resolve("pages.jsonl"), Path.of("disk/far.jsonl"));

        makeWay(outputs(1));

        assertThat(folder.resolve("disk/previous/" + FIRST + "/far.jsonl")).isNotEmptyFile();
        assertThat(folder.resolve("pages.jsonl")).isSymbolicLink();
        assertThat(folder.resolve("disk/far.jsonl")).doesNotExist();
    }

    @Test
    void fileInPlaceOfTheFolderIsNamedAndNothingIsMoved() throws IOException {
        run("01", "ok");
        write("previous", "mine");
        Map<String, String> before = files();

        assertThatThrownBy(() -> makeWay(outputs(1))).isInstanceOf(KeptRuns.CannotKeepException.class)
                .hasMessageContainingAll("cannot move ", "pages.jsonl, of the run before, to ",
                        "previous is a file, not a directory", "output.keep: 0");
        assertThat(files()).isEqualTo(before);
    }

    /** As a folder does that may not be written; a test that runs as root may write everywhere. */
    @Test
    void readOnlyFolderIsNamedAndNothingIsMoved() throws IOException {
        write("a/pages.jsonl", page("ok", "01"));
        write("b/items.jsonl", "{}\n");
        KeptRuns.Disk readOnly = new KeptRuns.Disk() {
            @Override
            public void createFolders(Path made) throws IOException {
                if (made.getParent().getParent().endsWith("b")) {
                    throw new AccessDeniedException(made.toString());
                }
                REAL.createFolders(made);
            }
        };

        assertThatThrownBy(() -> makeWay(outputs("a/pages.jsonl", "b/items.jsonl", "-", 1), readOnly))
                .hasMessageContainingAll("b/items.jsonl, of the run before", "permission denied");
        assertThat(files().keySet()).containsExactly("a/pages.jsonl", "b/items.jsonl");
    }

    @Test
    void filesThatAnotherCrawlWritesAreNotMoved() throws IOException {
        run("01", "ok");
        try (FileChannel other = FileChannel.open(folder.resolve("items.jsonl"), StandardOpenOption.WRITE)) {
            assertThat(other.lock().isValid()).isTrue();
            assertThatThrownBy(() -> makeWay(outputs(1))).hasMessageContaining("another crawl is writing it");
        }
        assertThat(folder.resolve("pages.jsonl")).exists();
        assertThat(makeWay(outputs(1))).hasSize(1);
    }

    /** Ends a process before one of its file operations, or behind it. */
    private static final class Death extends Error {

        private static final long serialVersionUID = 1;
    }

    private static final class MortalDisk implements KeptRuns.Disk {

        private int left;
        private final boolean isDone;

        /** @param isDone whether the last operation is done */
        private MortalDisk(int left, boolean isDone) {
            this.left = left;
            this.isDone = isDone;
        }

        private interface Operation {
            void run() throws IOException;
        }

        private void live(Operation operation) throws IOException {
            left--;
            if (left > 0 || isDone) {
                operation.run();
            }
            if (left <= 0) {
                throw new Death();
            }
        }

        @Override
        public void createFolders(Path made) throws IOException {
            live(() -> REAL.createFolders(made));
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            live(() -> REAL.rename(from, to));
        }

        @Override
        public void write(Path file, String text) throws IOException {
            if (left == 1 && !isDone) {
                REAL.write(file, text.substring(0, text.length() / 2));
            }
            live(() -> REAL.write(file, text));
        }

        @Override
        public void delete(Path file) throws IOException {
            live(() -> REAL.delete(file));
        }

        @Override
        public void sync(Path synced) throws IOException {
            live(() -> REAL.sync(synced));
        }
    }

    /**
     * Every run of files that was there is there whole at each moment, in place or in one folder; the next start ends
     * the move.
     */
    @Test
    void moveSurvivesADeathAtEachOfItsMoments() throws IOException {
        int deaths = 0;
        for (boolean isDone : List.of(false, true)) {
            for (int operation = 1;; operation++) {
                deleteAll();
                Outputs outputs = outputs("a/pages.jsonl", "b/items.jsonl", "c/report.json", 1);
                for (String day : List.of("01", "02")) {
                    run(day, "ok");
                    for (Output.File output : outputs.files().values()) {
                        Files.createDirectories(output.path().getParent());
                        Files.move(folder.resolve(output.path().getFileName()), output.path());
                    }
                    if (day.equals("01")) {
                        makeWay(outputs);
                    }
                }
                List<String> texts = new ArrayList<>(files().values());
                try {
                    makeWay(outputs, new MortalDisk(operation, isDone));
                    break; // it has fewer operations
                } catch (Death e) {
                    deaths++;
                }
                assertThat(files().values()).as("operation %d", operation)
                        .containsAll(texts.stream()
                                .filter(text -> text.contains("2026-12-02")
                                        || text.contains("\"02\""))
                                .toList());

                Map<String, String> dead = files();
                makeWay(outputs);

                assertThat(files().keySet()).as("operation %d, which left %s", operation, dead)
                        .containsExactly("a/previous/" + SECOND + "/pages.jsonl",
                                "b/previous/" + SECOND + "/items.jsonl", "c/previous/" + SECOND + "/report.json");
                assertThat(texts).containsAll(files().values());
            }
        }
        assertThat(deaths).isGreaterThan(30);
    }

    private void deleteAll() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted((a, b) -> b.compareTo(a)).filter(path -> !path.equals(folder)).toList()) {
                Files.delete(path);
            }
        }
    }
}
