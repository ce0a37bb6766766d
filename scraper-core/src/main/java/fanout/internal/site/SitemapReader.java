package fanout.internal.site;

import fanout.internal.codec.PageCharset;
import fanout.internal.limit.ParseStopped;
import fanout.internal.limit.ParseTime;
import fanout.internal.limit.WatchedInput;
import fanout.internal.task.Deadline;
import fanout.outcome.Failure;
import fanout.outcome.Stage;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * Reads sitemaps: the protocol's XML (sitemaps.org), index files and plain text, RSS 2.0 and Atom, each also gzipped,
 * whatever their names and media types say. Reads on behind mistakes in the markup; of a file that is cut or too large,
 * it reads what came before, and says so.
 *
 * <p>Thread-safe. The body is streamed: in addition to it a read holds the URLs, at most 50,000, and the beginning of
 * one token. Interruption and the current {@link Deadline} end it within milliseconds.
 */
public final class SitemapReader {

    /** The protocol's limit. */
    static final int MOST_URLS = 50_000;

    /** The protocol's limit, decompressed. */
    static final long MOST_BYTES = 50L << 20;

    /** Where an XML declaration ends at the latest. */
    private static final int PREAMBLE = 1 << 10;

    /** How a read ended. */
    public sealed interface Result {

        /**
         * A sitemap.
         *
         * @param flaw why it could not be read to its end; empty if it was
         */
        record Read(SitemapContent content, Optional<Failure> flaw) implements Result {}

        /**
         * No sitemap (neither XML of a known kind, nor a text with a URL in it), or a deadline passed before the end.
         */
        record Unread(Failure failure) implements Result {}
    }

    /**
     * Reads a sitemap under the current deadline.
     *
     * @param bytes decoded by what the HTTP headers say; may still be a gzip file
     * @param contentType the Content-Type header; empty if it is missing
     * @throws InterruptedException if the thread is interrupted before the end
     */
    public Result read(byte[] bytes, String contentType) throws InterruptedException {
        Deadline deadline = Deadline.current();
        SitemapEntries entries = new SitemapEntries(MOST_URLS);
        try (WatchedInput body = new WatchedInput(decompressed(bytes), MOST_BYTES, new ParseTime(deadline))) {
            Reader in = decoded(body, contentType);
            SitemapEnding ending = startsXml(in) ? new SitemapXml(entries).read(in) : SitemapText.read(in, entries);
            boolean isCut = ending.isSitemap() && body.isAtLimit();
            return result(isCut ? SitemapEnding.cutShort("it is longer than " + MOST_BYTES + " bytes") : ending,
                    entries);
        } catch (ParseStopped e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return new Result.Unread(new Failure.TimedOut(Stage.PARSE, deadline.limit()));
        } catch (IOException e) {
            // A gzip file that is broken from some point on: what came before counts.
            return result(
                    entries.isEmpty() ? SitemapEnding.NO_SITEMAP
                            : SitemapEnding.cutShort(String.valueOf(e.getMessage())),
                    entries);
        } catch (RuntimeException e) {
            // A location that defeats the URL parser: a hostile site may know one, and the crawl continues.
            return new Result.Unread(new Failure.Parse(e.toString()));
        }
    }

    private static Result result(SitemapEnding ending, SitemapEntries entries) {
        Optional<Failure> flaw = ending.flaw().map(Failure.Parse::new);
        return flaw.isPresent() && !ending.isSitemap()
                ? new Result.Unread(flaw.get())
                : new Result.Read(entries.content(), flaw);
    }

    private static InputStream decompressed(byte[] body) throws IOException {
        InputStream in = new ByteArrayInputStream(body);
        boolean isGzip = body.length > 1 && (body[0] & 0xFF) == 0x1F && (body[1] & 0xFF) == 0x8B;
        return isGzip ? new GZIPInputStream(in) : in;
    }

    /**
     * Decodes by the byte order mark, the header or the XML declaration, else as UTF-8. What cannot be decoded is no
     * reason to stop.
     */
    private static Reader decoded(InputStream bytes, String contentType) throws IOException {
        BufferedInputStream in = new BufferedInputStream(bytes);
        in.mark(PREAMBLE);
        PageCharset charset = PageCharset.ofXml(contentType, in.readNBytes(PREAMBLE));
        in.reset();
        in.skipNBytes(charset.bomLength());
        return new BufferedReader(new InputStreamReader(in, charset.decoder()));
    }

    /** Skips white space, which the XML parser would not forgive before the declaration, and looks ahead. */
    private static boolean startsXml(Reader in) throws IOException {
        int next;
        do {
            in.mark(1);
            next = in.read();
        } while (next == ' ' || next == '\t' || next == '\n' || next == '\r');
        in.reset();
        return next == '<';
    }
}
