package fanout.app.service.crawl;

import fanout.app.store.CrawlFolder;
import fanout.app.store.OwnFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The limits with which a crawl resumes, if there are new ones. They are written before anything else is changed,
 * so a full disk changes nothing. One thread at a time has those of a crawl, and closes them; what was not applied
 * is gone then.
 */
record NewLimits(Path target, Optional<Path> written) implements AutoCloseable {

    /** Writes the limits next to those that apply. */
    static NewLimits write(CrawlFolder folder, Optional<byte[]> limits) throws IOException {
        if (limits.isEmpty()) {
            return new NewLimits(folder.limits(), Optional.empty());
        }
        Path file = folder.limits().resolveSibling("limits.json.tmp");
        NewLimits result = new NewLimits(folder.limits(), Optional.of(file));
        try {
            OwnFiles.write(file, limits.get());
            return result;
        } catch (IOException e) {
            result.close();
            throw e;
        }
    }

    /** Replaces the limits that applied until now. */
    void apply() throws IOException {
        if (written.isPresent()) {
            Files.move(written.get(), target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Override
    public void close() throws IOException {
        if (written.isPresent()) {
            OwnFiles.delete(written.get());
        }
    }
}
