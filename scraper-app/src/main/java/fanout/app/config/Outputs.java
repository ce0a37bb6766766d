package fanout.app.config;

/**
 * Where a crawl writes. No two on one path.
 *
 * @param report its format says nothing: a report is one JSON object
 */
public record Outputs(Output pages, Output items, Output report) {}
