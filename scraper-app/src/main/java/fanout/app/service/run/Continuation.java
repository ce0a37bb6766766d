package fanout.app.service.run;

import fanout.app.store.CrawlFolder;
import fanout.app.store.OwnFiles;
import fanout.journal.Journal;
import fanout.journal.JournalException;
import fanout.journal.Position;
import fanout.journal.Space;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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
     * @param links as {@code pages}; 0 if the crawl writes none
     * @param files as {@code links}: the lines of bodies that it keeps
     * @param okPages that count towards {@code maxPages}, of the runs before
     */
    record Possible(long pages, long items, long links, long files, long okPages) implements Continuation {

        /** How much of the files was committed until now. From any thread. */
        static Possible committed(Journal journal) {
            List<Position> parts = journal.committed().parts();
            return parts.isEmpty() ? new Possible(0, 0, 0, 0, 0)
                    : new Possible(bytes(parts.get(0)), bytes(parts.get(1)), bytes(parts, CrawlFolder.LINKS_PART),
                            bytes(parts, CrawlFolder.FILES_PART), journal.okPages());
        }

        private static long bytes(List<Position> parts, int place) {
            return parts.size() > place ? bytes(parts.get(place)) : 0;
        }

        private static long bytes(Position file) {
            return file.place().isEmpty() ? 0 : file.bytes();
        }
    }

    /** It cannot. */
    record Hindered(String reason) implements Continuation {}

    /**
     * Asks the journal.
     *
     * @throws IOException if it cannot be read
     */
    static Continuation of(CrawlFolder folder) throws IOException {
        Optional<String> odd = folder.oddPlace();
        if (odd.isPresent()) {
            return new Hindered(odd.get());
        }
        if (!Files.exists(folder.journal())) {
            return new Hindered("there is no journal: the crawl has nothing left to do, or it never began");
        }
        try (Journal journal = Journal.resume(folder.journal(), Space.UNLIMITED, LinkOption.NOFOLLOW_LINKS)) {
            Possible committed = Possible.committed(journal);
            Optional<String> shorter = shorter(folder.pages(), committed.pages);
            if (shorter.isEmpty()) {
                shorter = shorter(folder.items(), committed.items);
            }
            if (shorter.isEmpty()) {
                shorter = shorter(folder.links(), committed.links);
            }
            if (shorter.isEmpty()) {
                shorter = shorter(folder.bodyLines(), committed.files);
            }
            return shorter.<Continuation>map(Hindered::new).orElse(committed);
        } catch (JournalException e) {
            return new Hindered(String.valueOf(e.getMessage()));
        } catch (OwnFiles.UnusableException e) {
            return new Hindered(e.why());
        }
    }

    private static Optional<String> shorter(Path file, long committed) throws IOException {
        long size = OwnFiles.size(file);
        return size >= committed ? Optional.empty()
                : Optional
                        .of(file.getFileName() + " has " + size + " bytes, of which " + committed + " were committed");
    }
}
