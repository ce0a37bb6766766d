package fanout.app.service.run;

import fanout.app.store.CrawlFolder;
import fanout.app.store.OwnFiles;
import fanout.file.ItemsFile;
import fanout.file.OutputFile;
import fanout.file.PagesFile;
import fanout.journal.Journal;
import fanout.sink.Sink;
import fanout.sink.Tee;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The journal and the result files of one run, open: a crawl that has a journal goes on where that ends, and any other begins
 * with empty files. The sink is closed by its user, before this is; until this is closed the journal is no other crawl's.
 */
final class CrawlFiles implements AutoCloseable {

    private final CrawlTask task;
    private final Journal journal;
    private final Sink sink;

    private CrawlFiles(CrawlTask task, Journal journal, Sink sink) {
        this.task = task;
        this.journal = journal;
        this.sink = sink;
    }

    /** Opens them all, or none. */
    static CrawlFiles open(CrawlTask task, long mostBytes) throws IOException {
        CrawlFolder folder = task.folder();
        Quota quota = new Quota(mostBytes, folder.bytes());
        OwnFiles.create(folder.journal());
        Journal journal = Journal.resume(folder.journal(), quota);
        try {
            Sink pages = PagesFile.jsonLines(file(folder.pages(), quota));
            try {
                Sink items = ItemsFile.jsonLines(file(folder.items(), quota));
                return new CrawlFiles(task, journal, Tee.of(List.of(pages, items, task.outcomes())));
            } catch (IOException | RuntimeException e) {
                try (pages) {
                    throw e;
                }
            }
        } catch (IOException | RuntimeException e) {
            try (journal) {
                throw e;
            }
        }
    }

    private static OutputFile file(Path path, Quota quota) throws IOException {
        FileChannel file = OwnFiles.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        return OutputFile.resume(new QuotaFile(file, quota), path.toString());
    }

    /** To be closed before this. */
    Sink sink() {
        return sink;
    }

    Journal journal() {
        return journal;
    }

    /** Shows readers what was committed until now. From any thread. */
    void showCommitted() {
        Continuation.Possible committed = Continuation.Possible.committed(journal);
        task.pages().advanceTo(committed.pages());
        task.items().advanceTo(committed.items());
    }

    /** Shows readers everything that was written; after the sink was closed. */
    void showAll() throws IOException {
        task.pages().advanceTo(Files.size(task.folder().pages()));
        task.items().advanceTo(Files.size(task.folder().items()));
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
