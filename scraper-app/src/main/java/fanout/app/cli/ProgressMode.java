package fanout.app.cli;

/** How a crawl shows its progress. All but {@link #NONE} are the same: a line every few seconds. */
enum ProgressMode {
    AUTO, BAR, PLAIN, NONE
}
