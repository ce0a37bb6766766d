package fanout.app.run;

import fanout.outcome.Failed;
import fanout.report.CrawlReport;
import java.util.Optional;

/**
 * How a run has ended, when all its files are closed.
 *
 * @param reportWritten whether the report's file is there; if not, the terminal has the reason
 * @param lastFailure the latest URL that has failed for good
 */
public record RunEnd(CrawlReport report, boolean reportWritten, Optional<Failed> lastFailure) {}
