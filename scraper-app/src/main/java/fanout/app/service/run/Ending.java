package fanout.app.service.run;

/** How a crawl was asked to end. A later constant goes further. */
public enum Ending {
    /** It was not. */
    NONE,
    /** What is in flight may end. */
    DRAIN,
    /** What is in flight is given up. */
    NOW
}
