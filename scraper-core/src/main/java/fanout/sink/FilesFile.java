package fanout.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.journal.Position;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.page.Content;
import fanout.page.Request;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One line for each body that a crawl keeps in a {@link BodyStore}: {@code url}, {@code path} (relative to the folder
 * that the store's folder is in), {@code bytes}, {@code sha256}, {@code contentType}, {@code referrer}, {@code data}.
 *
 * <p>Used by one thread at a time, as every sink is. Owns its {@link OutputFile} and its store, and closes both.
 */
public sealed class FilesFile implements Sink {

    /** No quotation mark within a text of JSON is without a backslash. */
    private static final Pattern HASH = Pattern.compile("\"sha256\":\"([0-9a-f]{64})\"");

    /** The columns, in order. */
    static final List<String> COLUMNS =
            List.of("url", "path", "bytes", "sha256", "contentType", "referrer", "data");

    private final JsonRows rows;
    private final BodyStore store;
    /** Named since the last commit. */
    private final List<String> named = new ArrayList<>();

    private FilesFile(JsonRows rows, BodyStore store) {
        this.rows = rows;
        this.store = store;
    }

    /**
     * Files as JSON Lines.
     *
     * @param store in which the crawl keeps them
     */
    public static FilesFile jsonLines(OutputFile file, BodyStore store) {
        JsonRows rows = new JsonRows(file);
        return file.isResumable() ? new ResumableFiles(rows, store) : new FilesFile(rows, store);
    }

    /**
     * Returns which of these hashes stand in the lines of a file.
     *
     * @param file need not be there
     */
    public static Set<String> named(Path file, Set<String> hashes) throws IOException {
        Set<String> found = new HashSet<>();
        read(file, hash -> {
            if (hashes.contains(hash)) {
                found.add(hash);
            }
        });
        return found;
    }

    /** Returns all hashes that stand in the lines of a file, which need not be there. */
    public static Set<String> hashes(Path file) throws IOException {
        Set<String> found = new HashSet<>();
        read(file, found::add);
        return found;
    }

    private static void read(Path file, Consumer<String> hashes) throws IOException {
        if (!Files.isRegularFile(file)) {
            return;
        }
        try (BufferedReader lines = Files.newBufferedReader(file, UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher hash = HASH.matcher(line);
                if (hash.find()) {
                    hashes.accept(hash.group(1));
                }
            }
        }
    }

    @Override
    public void write(Outcome outcome) throws IOException {
        if (outcome instanceof Fetched fetched && fetched.content().isKept()) {
            Request request = fetched.request();
            Content content = fetched.content();
            String hash = content.hash().orElseThrow();
            rows.begin();
            rows.cell("url", request.url().toString());
            rows.cell("path", store.folderName() + "/" + hash);
            rows.cell("bytes", content.bytes());
            rows.cell("sha256", hash);
            rows.cell("contentType", fetched.trail()
                    .last()
                    .flatMap(attempt -> attempt.head())
                    .flatMap(head -> head.contentType())
                    .orElse(null));
            rows.cell("referrer", request.referrer().map(Object::toString).orElse(null));
            rows.cell("data", orNull(request.details().data()));
            rows.end();
            named.add(hash);
            written();
        }
    }

    /** A line was written. */
    void written() {
        // it stays
    }

    private static @Nullable Map<String, Object> orNull(Map<String, Object> data) {
        return data.isEmpty() ? null : data;
    }

    @Override
    public void flush() throws IOException {
        file().flush();
        settle();
    }

    @Override
    public void close() throws IOException {
        try (store) {
            file().close();
            settle();
        }
    }

    final OutputFile file() {
        return rows.file();
    }

    /** Lines that were written cannot be taken back. */
    void settle() {
        store.linesStay(named);
        named.clear();
    }

    /** On a file that was opened to be resumed: what was not committed may be cut, and its files have no line then. */
    private static final class ResumableFiles extends FilesFile implements ResumableSink {

        private ResumableFiles(JsonRows rows, BodyStore store) {
            super(rows, store);
            store.linesMayGo(); // until it is known which of those that lie there count
        }

        @Override
        void written() {
            super.store.linesMayGo();
        }

        @Override
        public Position commit() throws IOException {
            if (!super.named.isEmpty()) {
                super.store.sync();
            }
            Position position = file().commit();
            super.settle();
            return position;
        }

        @Override
        public void resumeAt(Position position) throws IOException {
            file().resumeAt(position);
        }

        @Override
        void settle() {
            // only what is committed stays
        }
    }
}
