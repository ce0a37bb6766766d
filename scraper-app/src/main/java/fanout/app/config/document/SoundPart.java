package fanout.app.config.document;

import java.util.List;
import java.util.Optional;

/**
 * What stands before a mistake in the notation: the keys of the document that end above it. So a bracket that is not closed does not
 * hide the problems of all other keys.
 */
public final class SoundPart {

    /** The parser may see a mistake far below the key that has it, such as a quotation mark that is not closed. */
    private static final int MOST_TRIES = 10;

    private SoundPart() {}

    /** The document above this place, without the key that the place is in; empty if there is none. */
    public static Optional<YamlNode.Mapping> above(Position at, String source, String text) {
        List<String> lines = text.lines().toList();
        int end = Math.min(at.line(), lines.size());
        for (int tries = 0; tries < MOST_TRIES && end > 0; tries++) {
            end = lastKey(lines, end);
            if (end > 0 && YamlReader.read(source, String.join("\n", lines.subList(0, end)), new Problems())
                    .orElse(null) instanceof YamlNode.Mapping part) {
                return Optional.of(part);
            }
        }
        return Optional.empty();
    }

    /** The number of lines above the last that begins with a key. */
    private static int lastKey(List<String> lines, int end) {
        int line = end - 1;
        while (line > 0 && !lines.get(line).matches("[\\w\"'$].*")) {
            line--;
        }
        return line;
    }
}
