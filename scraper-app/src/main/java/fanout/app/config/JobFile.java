package fanout.app.config;

import fanout.job.CrawlJob;
import java.util.List;

/**
 * A job file that was read and found valid. Immutable.
 *
 * @param job what to crawl
 * @param outputs where to write
 * @param warnings what is valid and cannot work as it is meant, each as {@code file:line:column: message}
 */
public record JobFile(CrawlJob job, Outputs outputs, List<String> warnings) {

    public JobFile {
        warnings = List.copyOf(warnings);
    }
}
