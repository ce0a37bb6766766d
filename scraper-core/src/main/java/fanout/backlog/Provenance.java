package fanout.backlog;

import fanout.page.Request;
import fanout.url.CanonicalUrl;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where pages come from that follow each other in a {@link PagePack}: all that is known of them but their URLs. The links of one page
 * have it in common.
 */
final class Provenance {

    /** Of this object, by its fields. */
    private static final int BYTES = 40;
    /** Of a referrer that nothing else holds: three objects, and the wrapper. */
    private static final int REFERRER_BYTES = 80;

    private final int depth;
    private final Optional<String> label;
    private final Optional<CanonicalUrl> referrer;
    private final RedirectChain chain;
    private final Pending.Tried tried;

    private @Nullable Provenance next;

    Provenance(Pending page) {
        Request request = page.request();
        this.depth = request.depth();
        this.label = request.label();
        this.referrer = request.referrer();
        this.chain = page.chain();
        this.tried = page.tried();
    }

    /** The provenance of a page, which is that of the pages behind these. */
    Provenance followedBy(Pending page) {
        next = new Provenance(page);
        return next;
    }

    /** That of the pages behind these. */
    @Nullable
    Provenance next() {
        return next;
    }

    /**
     * Whether a page comes from here. All pages that links have found share one chain and one trial, so these are compared by
     * identity; where two that are equal are taken for different, the pack is a little larger.
     */
    @SuppressWarnings("ReferenceEquality")
    boolean isOf(Pending page) {
        Request request = page.request();
        return depth == request.depth() && chain == page.chain() && tried == page.tried()
                && referrer.equals(request.referrer()) && label.equals(request.label());
    }

    Pending pageAt(CanonicalUrl url) {
        return new Pending(new Request(url, depth, label, referrer), chain, tried);
    }

    /** What it takes in memory, about. */
    int bytes() {
        return BYTES + referrer.map(url -> REFERRER_BYTES + url.length()).orElse(0);
    }
}
