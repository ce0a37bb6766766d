package fanout.app.service.crawl;

import fanout.app.store.CrawlFolder;
import fanout.journal.Journal;
import fanout.journal.JournalException;
import fanout.journal.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Whether a crawl that does not run could go on, by its journal. Nothing is changed by the question. Stateless. */
final class Continuation {

    private Continuation() {}

    /** Why it cannot; empty if it can. */
    static Optional<String> hindrance(CrawlFolder folder) throws IOException {
        if (!Files.exists(folder.journal())) {
            return Optional.of("there is no journal: the crawl has nothing left to do, or it never began");
        }
        try (Journal journal = Journal.resume(folder.journal())) {
            List<Position> parts = journal.committed().parts();
            return parts.isEmpty() ? Optional.empty()
                    : shorter(folder.pages(), parts.get(0)).or(() -> shorter(folder.items(), parts.get(1)));
        } catch (JournalException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static Optional<String> shorter(Path file, Position committed) {
        long wanted = committed.place().isEmpty() ? 0 : committed.bytes();
        long size = file.toFile().length(); // 0 if it is missing
        return size >= wanted ? Optional.empty()
                : Optional.of(file.getFileName() + " has " + size + " bytes, of which " + wanted + " were committed");
    }
}
