package fanout.url;

import fanout.internal.annotation.Internal;
import java.nio.charset.StandardCharsets;

/** A {@link CanonicalUrl} as bytes, one for each character: it is ASCII, for everything else is escaped in it. */
@Internal
public final class PackedUrl {

    private PackedUrl() {}

    /** Scheme, host, port, path and query. */
    public static byte[] of(CanonicalUrl url) {
        return url.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** How many of the bytes are scheme, host and port. */
    public static int originLength(CanonicalUrl url) {
        return url.pathStart();
    }

    /** The URL of this host that has these bytes. */
    public static CanonicalUrl unpacked(byte[] bytes, Host host) {
        return CanonicalUrl.known(new String(bytes, StandardCharsets.ISO_8859_1), host);
    }
}
