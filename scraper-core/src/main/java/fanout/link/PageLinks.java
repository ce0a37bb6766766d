package fanout.link;

import fanout.markup.PageElements;
import fanout.markup.PageElements.LinkElement;
import fanout.markup.PageElements.TagAttribute;
import fanout.markup.PageElements.TagAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a page says of its links: the base element, meta robots and the standard link set, picked up from its elements in the
 * order of the document. Confined to one thread.
 *
 * <p>Links stay unresolved until the end: a base element counts for those before it, too.
 */
public final class PageLinks implements PageElements {

    private final RobotsDirectives robots;
    private final List<FoundLink> links = new ArrayList<>();
    private @Nullable String baseHref;
    private boolean nofollow;

    /** Fragments of the base are one URL, and manuals have one for each heading: the first will do. */
    private boolean linksToItself;

    public PageLinks(RobotsDirectives robots) {
        this.robots = robots;
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
        links.add(new FoundLink(href, Optional.empty(), ownNofollow));
    }

    private void meta(TagAttributes meta) {
        if (meta.value(TagAttribute.HTTP_EQUIV).trim().equalsIgnoreCase("refresh")) {
            MetaRefresh.url(meta.value(TagAttribute.CONTENT))
                    .ifPresent(url -> links.add(new FoundLink(url, Optional.empty(), false)));
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
}
