package fanout.journal;

/** What a record is. The codes are the format. */
enum RecordTag {
    /** Whose journal it is. */
    HEAD(1),
    /** A run begins. */
    RUN(2),
    /** A URL was admitted. */
    ADMITTED(3),
    /** A URL has its outcome. */
    SETTLED(4),
    /** A redirect is followed. */
    FOLLOWED(5),
    /** A sitemap is to be read. */
    SITEMAP_FOUND(6),
    /** A sitemap was read, or will not be. */
    SITEMAP_ENDED(7),
    /** A host belongs to the scope. */
    WIDENED(8),
    /** A host has another pace, or another circuit. */
    HOST(9),
    /** URLs that have their outcome, of a journal that was compacted. */
    KNOWN(10),
    /** What all outcomes before add up to, of a journal that was compacted. */
    SUMS(11),
    /**
     * The end of a group, except those of a compaction that others of it follow: how far the sinks are, and what was
     * counted.
     */
    COMMIT(12),
    /** As {@link #ADMITTED}, of a request that is no plain GET. */
    ADMITTED_REQUEST(13),
    /** As {@link #FOLLOWED}, of a request that is no plain GET. */
    FOLLOWED_REQUEST(14),
    /** As {@link #FOLLOWED_REQUEST}, of a redirect whose target is known by another URL than its own. */
    FOLLOWED_AS(15),
    /** Of the pages of a group that were ok, how many a host has, of a label if they have one. */
    OK_PAGES(16),
    /** A page that was ok, whose content no page before it had: the digest of the content, and the URL. */
    FIRST_PAGE(17);

    private static final RecordTag[] BY_CODE = new RecordTag[Byte.MAX_VALUE];

    static {
        for (RecordTag tag : values()) {
            BY_CODE[tag.code] = tag;
        }
    }

    private final byte code;

    RecordTag(int code) {
        this.code = (byte) code;
    }

    byte code() {
        return code;
    }

    /** @throws DamageException if no record has this code */
    static RecordTag of(int code) throws DamageException {
        RecordTag tag = code < 0 || code >= BY_CODE.length ? null : BY_CODE[code];
        if (tag == null) {
            throw new DamageException("there is no record " + code);
        }
        return tag;
    }
}
