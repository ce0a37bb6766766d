package fanout.app.service.run;

import fanout.app.store.CrawlFolder;
import fanout.journal.Journal;
import fanout.journal.JournalException;
import fanout.journal.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Whether a crawl that does not run could go on, by its journal. Nothing is changed by the question. */
public sealed interface Continuation {

    /**
     * It can.
     *
     * @param pages bytes of the file that another run keeps
     * @param items as {@code pages}
     */
    record Possible(long pages, long items) implements Continuation {}

    /** It cannot. */
    record Hindered(String reason) implements Continuation {}

    /** Asks the journal. */
    static Continuation of(CrawlFolder folder) throws IOException {
        if (!Files.exists(folder.journal())) {
            return new Hindered("there is no journal: the crawl has nothing left to do, or it never began");
        }
        try (Journal journal = Journal.resume(folder.journal())) {
            List<Position> parts = journal.committed().parts();
            if (parts.isEmpty()) {
                return new Possible(0, 0);
            }
            long pages = bytes(parts.get(0));
            long items = bytes(parts.get(1));
            return shorter(folder.pages(), pages).or(() -> shorter(folder.items(), items))
                    .<Continuation>map(Hindered::new)
                    .orElseGet(() -> new Possible(pages, items));
        } catch (JournalException e) {
            return new Hindered(String.valueOf(e.getMessage()));
        }
    }

    /** How much of a file was committed. */
    static long bytes(Position part) {
        return part.place().isEmpty() ? 0 : part.bytes();
    }

    private static Optional<String> shorter(Path file, long committed) {
        long size = file.toFile().length(); // 0 if it is missing
        return size >= committed ? Optional.empty()
                : Optional
                        .of(file.getFileName() + " has " + size + " bytes, of which " + committed + " were committed");
    }
}
