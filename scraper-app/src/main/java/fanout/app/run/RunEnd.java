package fanout.app.run;

import fanout.report.CrawlReport;

/**
 * How a run has ended, when all its files are closed.
 *
 * @param reportWritten whether the report's file is there; if not, the terminal has the reason
 */
public record RunEnd(CrawlReport report, boolean reportWritten) {}
