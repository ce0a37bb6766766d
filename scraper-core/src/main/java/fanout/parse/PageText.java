package fanout.parse;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.charset.PageCharset;
import fanout.limit.ParseTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;

/**
 * A page in UTF-8: its body, or what that becomes if it is in another encoding.
 *
 * @param from where it begins, behind a byte order mark
 */
record PageText(byte[] octets, int from) {

    /**
     * Reads a body.
     *
     * @throws fanout.limit.ParseStopped if the thread is interrupted or the deadline has passed
     */
    static PageText read(RawPage raw, PageCharset charset, ParseTime time) throws IOException {
        if (charset.isUtf8()) {
            return new PageText(raw.body(), charset.bomLength());
        }
        ByteArrayOutputStream octets = new ByteArrayOutputStream(raw.body().length);
        try (Reader reader = new InputStreamReader(raw.watchedBody(charset.bomLength(), time), charset.decoder());
                Writer writer = new OutputStreamWriter(octets, UTF_8)) {
            reader.transferTo(writer);
        }
        return new PageText(octets.toByteArray(), 0);
    }
}
