package fanout.link;

import fanout.limit.ParseStopped;
import fanout.limit.ParseTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jspecify.annotations.Nullable;

/**
 * One walk over a document, which picks up the base element, meta robots and the standard link set. A switch over tag names
 * instead of selectors, because this runs for every page. Confined to one thread.
 *
 * <p>Links stay unresolved until the end: a base element counts for those before it, too.
 */
public final class PageWalk {

    private static final int ELEMENTS_BETWEEN_CHECKS = 1_024;

    private final RobotsDirectives robots;
    private final ParseTime time;
    private final List<FoundLink> links = new ArrayList<>();
    private @Nullable String baseHref;
    private boolean nofollow;
    private int visited;

    /** Fragments of the base are one URL, and manuals have one for each heading: the first will do. */
    private boolean linksToItself;

    public PageWalk(RobotsDirectives robots, ParseTime time) {
        this.robots = robots;
        this.time = time;
    }

    /** The standard link set, in document order. */
    List<FoundLink> links() {
        return links;
    }

    /** The href of the first base element that has one. */
    public Optional<String> baseHref() {
        return Optional.ofNullable(baseHref);
    }

    /** Whether a meta element forbids to follow links. */
    public boolean isNofollow() {
        return nofollow;
    }

    /**
     * Recursive: the parser has bounded the depth.
     *
     * @throws ParseStopped if the thread is interrupted or the deadline has passed
     */
    public void visit(Element element) throws ParseStopped {
        if (visited++ % ELEMENTS_BETWEEN_CHECKS == 0) {
            time.check();
        }
        switch (element.normalName()) {
            case "a", "area" -> link(element, "href");
            case "iframe", "frame" -> link(element, "src");
            case "link" -> {
                if (hasToken(element.attr("rel"), "next")) {
                    link(element, "href");
                }
            }
            case "meta" -> meta(element);
            case "base" -> {
                if (baseHref == null && element.hasAttr("href")) {
                    baseHref = element.attr("href");
                }
            }
            default -> {
            }
        }
        int children = element.childNodeSize();
        for (int i = 0; i < children; i++) {
            Node child = element.childNode(i);
            if (child instanceof Element childElement) {
                visit(childElement);
            }
        }
    }

    private void link(Element element, String attribute) {
        String href = element.attr(attribute);
        if (!href.isEmpty() || element.hasAttr(attribute)) {
            boolean ownNofollow = isNofollow(element);
            if (href.startsWith("#") && !ownNofollow) {
                if (linksToItself) {
                    return;
                }
                linksToItself = true;
            }
            links.add(new FoundLink(href, Optional.empty(), ownNofollow));
        }
    }

    private void meta(Element meta) {
        if (meta.attr("http-equiv").trim().equalsIgnoreCase("refresh")) {
            MetaRefresh.url(meta.attr("content"))
                    .ifPresent(url -> links.add(new FoundLink(url, Optional.empty(), false)));
        }
        if (robots.isOurs(meta.attr("name"))) {
            nofollow |= robots.forbidsFollowing(meta.attr("content"));
        }
    }

    /** Whether a link's rel attribute forbids to follow it. */
    static boolean isNofollow(Element element) {
        return hasToken(element.attr("rel"), "nofollow");
    }

    /** Whether a list of tokens separated by white space holds one, whatever its case. */
    private static boolean hasToken(String tokens, String token) {
        int last = tokens.length() - token.length();
        for (int at = 0; at <= last; at++) {
            int end = at + token.length();
            if (tokens.regionMatches(true, at, token, 0, token.length())
                    && (at == 0 || tokens.charAt(at - 1) <= ' ')
                    && (end == tokens.length() || tokens.charAt(end) <= ' ')) {
                return true;
            }
        }
        return false;
    }
}
