package fanout.app.run;

import fanout.report.CrawlReport;
import java.util.List;
import java.util.Optional;

/**
 * How a run has ended, when all its files are closed.
 *
 * @param reportWritten whether the report's file is there; if not, the terminal has the reason
 * @param cause why there is little or nothing, for a person; empty if no one will ask
 * @param resume the command by which the crawl goes on; empty if it has ended, or has no journal
 */
public record RunEnd(CrawlReport report, boolean reportWritten, List<String> cause, Optional<String> resume) {

    public RunEnd {
        cause = List.copyOf(cause);
    }
}
