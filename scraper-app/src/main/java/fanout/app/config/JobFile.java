package fanout.app.config;

import fanout.job.CrawlJob;

/**
 * A job file that was read and found valid. Immutable.
 *
 * @param job what to crawl
 * @param outputs where to write
 */
public record JobFile(CrawlJob job, Outputs outputs) {}
