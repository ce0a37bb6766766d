package fanout.app.service.crawl;

import fanout.app.config.BadJobException;
import fanout.app.config.JobBounds;
import fanout.app.config.JobFile;
import fanout.app.config.SubmittedJobReader;
import fanout.app.store.CrawlRecord;
import fanout.app.store.DataFolder;
import fanout.job.CrawlJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads jobs, submitted now or earlier, within the bounds of the service as they are now. */
record StoredJobs(DataFolder data, JobBounds bounds) {

    JobFile read(boolean json, byte[] text) throws BadJobException {
        return SubmittedJobReader.read(json, text, Optional.empty(), bounds);
    }

    /** The job of a crawl, with the limits that it was resumed with. */
    CrawlJob of(CrawlRecord crawl) throws IOException, BadJobException {
        Path limits = data.crawl(crawl.id()).limits();
        return of(crawl, Files.exists(limits) ? Optional.of(Files.readAllBytes(limits)) : Optional.empty());
    }

    /** The job of a crawl, with other limits. */
    CrawlJob of(CrawlRecord crawl, Optional<byte[]> limits) throws IOException, BadJobException {
        byte[] text = Files.readAllBytes(data.crawl(crawl.id()).job());
        return SubmittedJobReader.read(crawl.json(), text, limits, bounds).job();
    }
}
