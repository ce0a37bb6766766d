package fanout.app.cli;

/** How a crawl shows its progress. */
enum ProgressMode {
    AUTO, BAR, PLAIN, NONE
}
