package fanout.journal;

import java.util.List;

/**
 * How far a sink had written when it committed: the place to which it cuts back when its crawl resumes. What the place
 * means is the sink's own business; a file's is its length. Immutable.
 *
 * @param place at most 64 KiB in UTF-8; empty if the sink keeps nothing that would have to be cut
 * @param parts the positions of the sinks that it is made of, in their order
 */
public record Position(String place, List<Position> parts) {

    /** The position of a sink that keeps nothing. */
    public static final Position NONE = new Position("", List.of());

    private static final int LONGEST = 16 << 10;

    public Position {
        if (place.length() > LONGEST) {
            throw new IllegalArgumentException("a place of " + place.length() + " characters, of which " + LONGEST
                    + " are the most");
        }
        parts = List.copyOf(parts);
    }

    /** The position of a file that is so many bytes long. */
    public static Position at(long bytes) {
        return new Position(Long.toString(bytes), List.of());
    }

    /** The position of several sinks. */
    public static Position of(List<Position> parts) {
        return new Position("", parts);
    }

    /**
     * The length of a file.
     *
     * @throws IllegalStateException if it is not a file's position
     */
    public long bytes() {
        try {
            return Long.parseLong(place);
        } catch (NumberFormatException e) {
            throw new IllegalStateException("not the position of a file: " + this, e);
        }
    }
}
