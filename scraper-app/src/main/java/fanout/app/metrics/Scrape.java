package fanout.app.metrics;

/**
 * The answer to a scrape.
 *
 * @param type the media type
 */
public record Scrape(String type, byte[] text) {}
