package fanout.app.sinks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import fanout.app.json.Json;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A file of rows that are on their way to a database, a line of JSON each. Its first line names the crawl and how many
 * rows of it came before; those have arrived. {@link #force} makes what was added survive the machine; the file begins
 * again, by {@link #begin}, when everything in it has arrived.
 *
 * <p>Confined to one thread at a time. Owns the file's channel, and leaves the file where it is.
 */
final class Spool implements Closeable {

    private static final int BUFFER = 64 << 10;

    private final Path path;
    private final ByteArrayOutputStream added = new ByteArrayOutputStream();
    private @Nullable FileChannel channel;
    private long written;

    Spool(Path path) {
        this.path = path;
    }

    /**
     * What the first line of a spool says.
     *
     * @param crawl whose rows these are
     * @param before rows of the crawl that are not in it
     */
    record Head(String crawl, long before) {}

    /** Returns the first line of a file that was written before; empty if it is missing, or no spool. */
    Optional<Head> head() throws IOException {
        try (BufferedReader text = Files.newBufferedReader(path)) {
            String line = text.readLine();
            Optional<JsonNode> read = line == null ? Optional.empty() : Json.read(line.getBytes(UTF_8));
            return read.map(head -> new Head(head.path("crawl").asString(""), head.path("before").asLong(0)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Returns how long the file is, with what was added and not forced. */
    long bytes() throws IOException {
        return channel == null ? Files.exists(path) ? Files.size(path) : 0 : written + added.size();
    }

    /** Replaces what is there by an empty spool. */
    void begin(Head head) throws IOException {
        added.reset();
        open().truncate(0);
        written = 0;
        line(Json.line(Map.of("crawl", head.crawl(), "before", head.before())));
    }

    /** Cuts off what comes after so many bytes. */
    void cut(long bytes) throws IOException {
        open().truncate(bytes);
        written = bytes;
    }

    private FileChannel open() throws IOException {
        if (channel == null) {
            boolean isNew = !Files.exists(path);
            channel = FileChannel.open(path, READ, WRITE, CREATE);
            if (isNew) {
                syncName();
            }
        }
        return channel;
    }

    /** The name of a file is in its folder: it survives a crash when the folder does. */
    private void syncName() throws IOException {
        try (FileChannel folder = FileChannel.open(Objects.requireNonNull(path.toAbsolutePath().getParent()), READ)) {
            folder.force(true);
        }
    }

    /** Adds a row. */
    void line(String json) throws IOException {
        added.writeBytes(json.getBytes(UTF_8));
        added.write('\n');
        if (added.size() >= BUFFER) {
            write();
        }
    }

    /** Has everything that was added on the disk. */
    void force() throws IOException {
        write();
        open().force(false);
    }

    private void write() throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(added.toByteArray());
        while (rest.hasRemaining()) {
            written += open().write(rest, written);
        }
        added.reset();
    }

    /** Reads rows that were forced. */
    Rows rows() throws IOException {
        return new Rows(Files.newInputStream(path));
    }

    /** The rows of a spool, one after the other. */
    static final class Rows implements Closeable {

        private final BufferedReader text;

        private Rows(InputStream file) throws IOException {
            text = new BufferedReader(new InputStreamReader(new BufferedInputStream(file, BUFFER), UTF_8));
            text.readLine(); // the head
        }

        /** Returns the next row. */
        String next() throws IOException {
            String line = text.readLine();
            if (line == null) {
                throw new IOException("rows are missing that were written to the file for them");
            }
            return line;
        }

        @Override
        public void close() throws IOException {
            text.close();
        }
    }

    /** Closes the file, and deletes it if its rows have arrived. */
    void end(boolean haveArrived) throws IOException {
        close();
        if (haveArrived) {
            Files.deleteIfExists(path);
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
