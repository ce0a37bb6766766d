package fanout.url;

import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * The base URL of a page's links: its own URL, or what its base element says. Immutable.
 *
 * <p>Every link of every page is resolved. Most are plain: a fragment, a path or a query without characters that need
 * encoding. This class joins those itself, at a tenth of the cost, and leaves all others to OkHttp. A test holds that
 * both give the same.
 */
public final class LinkBase {

    private static final Pattern ABSOLUTE = Pattern.compile("[\\x00-\\x20]*https?:", Pattern.CASE_INSENSITIVE);
    /** Characters that stand for themselves in a path as well as in a query. */
    private static final boolean[] PLAIN = new boolean[128];

    static {
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/!$&()*+,;=".chars()
                .forEach(c -> PLAIN[c] = true);
    }

    private final CanonicalUrl url;
    private final String origin;
    private final String path;
    private final String directory;
    private final QueryEncoder queries;
    private final DroppedParameters dropped;
    private final boolean resolvesRelative;
    /** Parsed when a link needs it: many pages have none. Threads that race for it make the same. */
    private @Nullable HttpUrl parsed;

    private LinkBase(CanonicalUrl url, QueryEncoder queries, DroppedParameters dropped, boolean resolvesRelative) {
        this.url = url;
        this.queries = queries;
        this.dropped = dropped;
        this.resolvesRelative = resolvesRelative;
        this.origin = url.origin();
        String spelling = url.toString();
        int query = spelling.indexOf('?');
        this.path = query == -1 ? spelling : spelling.substring(0, query);
        this.directory = path.substring(0, path.lastIndexOf('/') + 1);
    }

    /** The base of a page at this URL, in UTF-8. */
    public static LinkBase of(CanonicalUrl url) {
        return of(url, QueryEncoder.UTF_8);
    }

    /** The base of a page at this URL, which encodes its links' queries. */
    public static LinkBase of(CanonicalUrl url, QueryEncoder queries) {
        return of(url, queries, DroppedParameters.NONE);
    }

    /** The base of a page at this URL, which encodes its links' queries, and drops parameters of links to follow. */
    public static LinkBase of(CanonicalUrl url, QueryEncoder queries, DroppedParameters dropped) {
        return new LinkBase(url, queries, dropped, true);
    }

    public CanonicalUrl url() {
        return url;
    }

    /** The link's target; empty if it is malformed, not http(s), or carries userinfo. */
    public Optional<CanonicalUrl> resolve(String link) {
        if (!resolvesRelative && !ABSOLUTE.matcher(link).lookingAt()) {
            return Optional.empty();
        }
        CanonicalUrl plain = resolvePlain(link);
        return plain != null ? Optional.of(plain) : resolveAny(link);
    }

    /** The URL that is fetched when the link is followed: its target, without the parameters that are dropped. */
    public Optional<CanonicalUrl> follow(String link) {
        Optional<CanonicalUrl> target = resolve(link);
        return dropped.names().isEmpty() ? target : target.map(dropped::without);
    }

    /**
     * The base that a base element's href gives; this one if the href is unusable.
     *
     * @param maxLength of a URL that may be followed: behind a longer base a relative link leads nowhere
     */
    public LinkBase rebased(String href, int maxLength) {
        Optional<CanonicalUrl> given = resolveAny(href);
        if (given.isPresent() && given.get().length() > maxLength) {
            return new LinkBase(url, queries, dropped, false);
        }
        return given.map(found -> of(found, queries, dropped)).orElse(this);
    }

    Optional<CanonicalUrl> resolveAny(String link) {
        String text = CanonicalUrl.withoutControls(link);
        return HostNames.hasEscapedAddress(text)
                ? Optional.empty()
                : CanonicalUrl.canonical(parsed().resolve(withEncodedQuery(text)), url.host());
    }

    private HttpUrl parsed() {
        HttpUrl known = parsed;
        if (known == null) {
            known = url.toHttpUrl();
            parsed = known;
        }
        return known;
    }

    /** Only what is not ASCII differs from encoding to encoding. */
    private String withEncodedQuery(String link) {
        int fragment = link.indexOf('#');
        int end = fragment == -1 ? link.length() : fragment;
        int from = link.indexOf('?') + 1;
        if (from == 0 || from > end) {
            return link;
        }
        String query = link.substring(from, end);
        boolean isAscii = query.chars().allMatch(c -> c < 128);
        return isAscii ? link : link.substring(0, from) + queries.encode(query);
    }

    /** The target of a plain link, null for all others. */
    private @Nullable CanonicalUrl resolvePlain(String link) {
        int fragment = link.indexOf('#');
        int end = fragment == -1 ? link.length() : fragment;
        if (end == 0) {
            return url;
        }
        int from = link.startsWith(origin) ? origin.length() : 0;
        if (from < end && link.charAt(from) == '/') {
            return joined(origin, link, from, end);
        }
        if (from > 0) {
            // The origin may go on: example.org is not example.org.uk.
            return null;
        }
        if (link.charAt(0) == '?') {
            return joined(path, link, 0, end);
        }
        String start = directory;
        int at = link.startsWith("./") ? 2 : 0;
        while (link.startsWith("../", at)) {
            start = parent(start);
            at += 3;
        }
        return at < end && link.charAt(at) == '/' ? null : joined(start, link, at, end);
    }

    private String parent(String folder) {
        boolean isRoot = folder.length() == origin.length() + 1;
        return isRoot ? folder : folder.substring(0, folder.lastIndexOf('/', folder.length() - 2) + 1);
    }

    private @Nullable CanonicalUrl joined(String start, String link, int from, int end) {
        return isPlain(link, from, end) ? CanonicalUrl.known(start.concat(link.substring(from, end)), url.host())
                : null;
    }

    /** No dot segments, no authority, and nothing that is encoded or would have to be. */
    private static boolean isPlain(String link, int from, int end) {
        boolean inPath = true;
        char previous = '/';
        if (link.startsWith("//", from)) {
            return false;
        }
        for (int i = from; i < end; i++) {
            char c = link.charAt(i);
            if (c == '?') {
                inPath = false;
            } else if (c >= 128 || !PLAIN[c] || (inPath && c == '.' && previous == '/')) {
                return false;
            }
            previous = c;
        }
        return true;
    }
}
