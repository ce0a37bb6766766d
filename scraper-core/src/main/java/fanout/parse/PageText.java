package fanout.parse;

import fanout.charset.PageCharset;
import fanout.limit.ParseTime;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.util.Arrays;

/** The characters of a page. */
record PageText(char[] characters, int length) {

    /**
     * Decodes a body.
     *
     * @throws fanout.limit.ParseStopped if the thread is interrupted or the deadline has passed
     */
    static PageText read(RawPage raw, PageCharset charset, ParseTime time) throws IOException {
        // No encoding makes more characters than there are bytes, but for what its decoder may hold back until the end.
        char[] characters = new char[raw.body().length + 1];
        int length = 0;
        try (Reader reader = new InputStreamReader(raw.watchedBody(charset.bomLength(), time), charset.decoder())) {
            for (int count = 0; count >= 0; count = reader.read(characters, length, characters.length - length)) {
                length += count;
                if (length == characters.length) {
                    characters = Arrays.copyOf(characters, length + length / 2 + 1);
                }
            }
        }
        return new PageText(characters, length);
    }
}
