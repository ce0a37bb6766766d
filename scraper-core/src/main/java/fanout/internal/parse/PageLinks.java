package fanout.internal.parse;

import fanout.internal.markup.PageElements;
import fanout.internal.markup.PageElements.LinkElement;
import fanout.internal.markup.PageElements.TagAttribute;
import fanout.internal.markup.PageElements.TagAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a page says of its links: the base element, meta robots and the standard link set, picked up from its elements
 * in the order of the document. Confined to one thread.
 *
 * <p>Links stay unresolved until the end: a base element counts for those before it, too.
 */
final class PageLinks implements PageElements {

    private final RobotsDirectives robots;
    private final boolean keepsElements;
    private final List<FoundLink> links = new ArrayList<>();
    private @Nullable String baseHref;
    private boolean nofollow;

    /** Fragments of the base are one URL, and manuals have one for each heading: the first will do. */
    private boolean linksToItself;

    public PageLinks(RobotsDirectives robots) {
        this(robots, false);
    }

    /** @param keepsElements whether each link has the words and the rel of its element */
    PageLinks(RobotsDirectives robots, boolean keepsElements) {
        this.robots = robots;
        this.keepsElements = keepsElements;
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

    @Override
    public void element(LinkElement element, TagAttributes attributes) {
        switch (element) {
            case A, AREA -> link(attributes, TagAttribute.HREF);
            case IFRAME, FRAME -> link(attributes, TagAttribute.SRC);
            case LINK -> {
                if (hasToken(attributes.value(TagAttribute.REL), "next")) {
                    link(attributes, TagAttribute.HREF);
                }
            }
            case META -> meta(attributes);
            case BASE -> {
                if (baseHref == null && attributes.has(TagAttribute.HREF)) {
                    baseHref = attributes.value(TagAttribute.HREF);
                }
            }
        }
    }

    private void link(TagAttributes attributes, TagAttribute target) {
        if (!attributes.has(target)) {
            return;
        }
        String href = attributes.value(target);
        boolean ownNofollow = isNofollow(attributes.value(TagAttribute.REL));
        if (href.startsWith("#") && !ownNofollow) {
            if (linksToItself) {
                return;
            }
            linksToItself = true;
        }
        add(href, ownNofollow, attributes);
    }

    private void add(String href, boolean ownNofollow, TagAttributes attributes) {
        links.add(keepsElements
                ? new FoundLink(href, FoundLink.Target.PLAIN, ownNofollow, FoundLink.STANDARD,
                        new FoundLink.Anchor(attributes.words(), attributes.value(TagAttribute.REL)))
                : new FoundLink(href, ownNofollow));
    }

    private void meta(TagAttributes meta) {
        if (meta.value(TagAttribute.HTTP_EQUIV).trim().equalsIgnoreCase("refresh")) {
            MetaRefresh.url(meta.value(TagAttribute.CONTENT))
                    .ifPresent(url -> add(url, false, meta));
        }
        if (robots.isOurs(meta.value(TagAttribute.NAME))) {
            nofollow |= robots.forbidsFollowing(meta.value(TagAttribute.CONTENT));
        }
    }

    /** Whether a link's rel attribute forbids to follow it. */
    static boolean isNofollow(String rel) {
        return hasToken(rel, "nofollow");
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

    /**
     * Reads nofollow out of meta robots and X-Robots-Tag. Directives are separated by commas; in the header one may be
     * preceded by the user agent that it and those after it are for. The date of {@code unavailable_after} may contain
     * commas, and colons in its time of day. Immutable.
     *
     * @param product our product token, lower case
     */
    public record RobotsDirectives(String product) {

        /** Directives with a value of their own: what precedes their colon is no user agent. */
        private static final Set<String> VALUED = Set.of("unavailable_after", "max-snippet", "max-image-preview",
                "max-video-preview");

        public RobotsDirectives {
            product = product.toLowerCase(Locale.ROOT);
        }

        /** Whether a meta element of this name speaks to us. */
        boolean isOurs(String metaName) {
            String name = metaName.trim();
            return name.equalsIgnoreCase("robots") || name.equalsIgnoreCase(product);
        }

        /** Whether any of the X-Robots-Tag headers forbids us to follow links. */
        public boolean forbidFollowing(List<String> headers) {
            return headers.stream().anyMatch(this::forbidsFollowing);
        }

        /** Whether a meta element's content, or a header's value, forbids us to follow links. */
        public boolean forbidsFollowing(String directives) {
            boolean ours = true;
            for (String part : directives.split(",", -1)) {
                String directive = part.trim().toLowerCase(Locale.ROOT);
                int colon = directive.indexOf(':');
                if (colon >= 0 && !isTime(directive, colon) && !VALUED.contains(directive.substring(0, colon).trim())) {
                    String agent = directive.substring(0, colon).trim();
                    ours = agent.equals("*") || agent.equals(product);
                    directive = directive.substring(colon + 1).trim();
                }
                if (ours && (directive.equals("nofollow") || directive.equals("none"))) {
                    return true;
                }
            }
            return false;
        }

        /** Returns whether a colon is part of a time, as in {@code 15:00:00 GMT}: no directive begins with a digit. */
        private static boolean isTime(String part, int colon) {
            return colon > 0 && colon + 1 < part.length() && isDigit(part.charAt(colon - 1))
                    && isDigit(part.charAt(colon + 1));
        }

        private static boolean isDigit(char c) {
            return c >= '0' && c <= '9';
        }
    }
}
