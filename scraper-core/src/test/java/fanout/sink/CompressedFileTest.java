package fanout.sink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import fanout.journal.JournalException;
import fanout.journal.Position;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Outputs in gzip and zstd. */
@Timeout(60)
class CompressedFileTest {

    @TempDir
    private Path folder;

    private Path file(Compression compression) {
        return folder.resolve("lines.jsonl" + compression.ending());
    }

    private static String text(byte[] file, Compression compression) throws IOException {
        try (InputStream text = compression.reading(new ByteArrayInputStream(file))) {
            return new String(text.readAllBytes(), UTF_8);
        }
    }

    /** Lines that compress badly, of which some are longer than a member. */
    private static List<String> lines(int count) {
        Random random = new Random(7);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = i % 50 == 49 ? 1_500_000 : 1 + random.nextInt(3_000);
            StringBuilder line = new StringBuilder();
            random.ints(length, ' ', '~').forEach(c -> line.append((char) c));
            lines.add(line.append('\n').toString());
        }
        return lines;
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void programsReadWhatIsWritten(Compression compression) throws Exception {
        String program = compression == Compression.GZIP ? "gzip" : "zstd";
        assumeThat(isThere(program)).as("%s is installed", program).isTrue();
        List<String> lines = lines(200);
        Path path = file(compression);
        try (OutputFile file = OutputFile.create(path, compression, () -> {})) {
            for (int i = 0; i < lines.size(); i++) {
                file.write(lines.get(i).getBytes(UTF_8));
                if (i % 7 == 0) {
                    file.flush();
                }
            }
        }
        Path out = folder.resolve("out");
        Process process = new ProcessBuilder(program, "-dc", path.toString()).redirectOutput(out.toFile())
                .redirectErrorStream(false)
                .start();

        assertThat(new String(process.getErrorStream().readAllBytes(), UTF_8)).isEmpty();
        assertThat(process.waitFor()).isZero();
        assertThat(out).hasContent(String.join("", lines));
        assertThat(text(Files.readAllBytes(path), compression)).isEqualTo(String.join("", lines));
    }

    private static boolean isThere(String program) throws InterruptedException {
        try {
            return new ProcessBuilder(program, "--version").redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** As a kill leaves it: behind the position of the journal lie whole members, or a part of one. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void fileCutAtAnyByteGoesOnAtItsLastCommit(Compression compression) throws IOException {
        Path path = file(compression);
        List<Position> positions = new ArrayList<>(List.of(Position.NONE));
        try (OutputFile file = OutputFile.resume(path, compression)) {
            file.resumeAt(Position.NONE);
            positions.add(file.commit());
            for (int n = 1; n <= 5; n++) {
                file.write("line %d\n".formatted(n).getBytes(UTF_8));
                positions.add(file.commit());
            }
        }
        byte[] whole = Files.readAllBytes(path);
        assertThat(text(whole, compression)).isEqualTo("line 1\nline 2\nline 3\nline 4\nline 5\n");
        for (int length = 0; length <= whole.length; length++) {
            int end = length;
            Position last = positions.stream()
                    .filter(position -> position.equals(Position.NONE) || position.bytes() <= end)
                    .reduce((_, later) -> later)
                    .orElseThrow();
            int known = positions.indexOf(last) - 1;
            Files.write(path, Arrays.copyOf(whole, length));
            try (OutputFile file = OutputFile.resume(path, compression)) {
                file.resumeAt(last);
                file.write("and on\n".getBytes(UTF_8));
                file.commit();
            }
            assertThat(text(Files.readAllBytes(path), compression)).as("cut at %d", length)
                    .isEqualTo("line 1\nline 2\nline 3\nline 4\nline 5\n".substring(0, Math.max(0, known) * 7)
                            + "and on\n");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void commitWithoutNewLinesIsWhereTheLastOneWas(Compression compression) throws IOException {
        Path path = file(compression);
        Position first;
        try (OutputFile file = OutputFile.resume(path, compression)) {
            file.resumeAt(Position.NONE);
            file.write("a\n".getBytes(UTF_8));
            first = file.commit();
            assertThat(file.commit()).isEqualTo(first);
        }
        try (OutputFile file = OutputFile.resume(path, compression)) {
            file.resumeAt(first);
            assertThat(file.commit()).isEqualTo(first);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void anotherFileIsRefusedAndStaysAsItIs(Compression compression) throws IOException {
        Path path = file(compression);
        Position position;
        try (OutputFile file = OutputFile.resume(path, compression)) {
            file.resumeAt(Position.NONE);
            file.write("a\n".getBytes(UTF_8));
            position = file.commit();
        }
        byte[] other = Files.readAllBytes(path);
        other[other.length - 1] ^= 1;
        Files.write(path, other);
        try (OutputFile file = OutputFile.resume(path, compression)) {
            assertThatThrownBy(() -> file.resumeAt(position)).isInstanceOf(JournalException.class)
                    .hasMessageContaining("no member ends at byte " + position.bytes());
        }
        assertThat(path).hasBinaryContent(other);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void resumedTableGoesOnWithTheColumnsItHas(Compression compression) throws Exception {
        Path path = file(compression);
        List<String> header = PagesFile.COLUMNS.subList(0, PagesFile.COLUMNS.indexOf("method"));
        Position position;
        try (OutputFile old = OutputFile.resume(path, compression)) {
            old.resumeAt(Position.NONE);
            old.write((String.join(",", header) + "\r\n").getBytes(UTF_8));
            for (String line : lines(40)) { // the first block is longer than a few kibibytes
                old.write(("\"" + line.replace("\"", "'").strip() + "\"" + ",".repeat(header.size() - 1) + "\r\n")
                        .getBytes(UTF_8));
            }
            position = old.commit();
        }
        try (PagesFile pages = PagesFile.csv(OutputFile.resume(path, compression))) {
            ((ResumableSink) pages).resumeAt(position);
            pages.write(Outcomes.page(1));
        }

        assertThat(Texts.csv(text(Files.readAllBytes(path), compression).getBytes(UTF_8))).hasSize(42)
                .allSatisfy(record -> assertThat(record).hasSameSizeAs(header));
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void fullDiskLeavesWholeMembers(Compression compression) throws IOException {
        Path path = file(compression);
        FileChannel disk = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try (OutputFile file = OutputFile.on(RegularFile.on(new SmallDisk(disk, 60), path), compression)) {
            file.write("first\n".getBytes(UTF_8));
            file.flush();
            file.write("a line that takes more than what is left of the disk\n".repeat(2).getBytes(UTF_8));
            file.write("0123456789 abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLM\n".getBytes(UTF_8));
            assertThatThrownBy(file::flush).hasMessage("No space left on device");
            assertThatThrownBy(file::flush).hasMessageContaining("earlier write");
        }
        assertThat(text(Files.readAllBytes(path), compression)).isEqualTo("first\n");
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void membersAreWrittenWithoutAFlushOnceTheyAreFull(Compression compression) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] line = "x".repeat(1 << 16).concat("\n").getBytes(UTF_8);
        try (OutputFile file = OutputFile.on(Channels.newChannel(out), compression)) {
            for (int i = 1; i < 16; i++) {
                file.write(line);
                assertThat(out.size()).isZero();
            }
            file.write(line);
            assertThat(text(out.toByteArray(), compression)).hasSize(16 * line.length);
        }
    }

    @ParameterizedTest
    @EnumSource
    void nameOfAFileSaysItsCompression(Compression compression) {
        assertThat(Compression.of(Path.of("out/a.csv" + compression.ending()))).isEqualTo(compression);
    }
}
