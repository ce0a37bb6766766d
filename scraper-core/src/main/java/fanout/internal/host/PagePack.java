package fanout.internal.host;

import fanout.page.Request;
import fanout.url.CanonicalUrl;
import fanout.url.Host;
import fanout.url.PackedUrl;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Pages of one origin and priority that were not tried yet, first in, first out: their origin once and their paths as
 * bytes, one behind the other. A page that waits takes its path and four bytes here, where as objects it would take its
 * whole URL and 130 bytes. What does not fit goes into the next pack. Not thread-safe.
 */
final class PagePack {

    /** Stands before each path: twice its length, and one if the page {@link #IS_FROM_ELSEWHERE}. */
    private static final VarHandle HEAD = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int HEAD_BYTES = Integer.BYTES;
    /** The page does not come from where the one before came from, but from the next {@link Provenance}. */
    private static final int IS_FROM_ELSEWHERE = 1;

    /** A pack does not become larger, except for a single page that is. */
    private static final int MOST_BYTES = 4096;
    /** Of this object and its array's header. */
    private static final int OWN_BYTES = 64;

    /** The origin, and from {@link #from} to {@link #to} the pages. */
    private byte[] bytes;
    private final int originLength;
    private final boolean isHttps;
    private int from;
    private int to;
    /** Of the first page, unless that is from elsewhere. */
    private Provenance first;
    private Provenance last;
    private int provenanceBytes;
    private @Nullable PagePack next;

    private PagePack(Pending page, byte[] url, int capacity, @Nullable PagePack next) {
        this.next = next;
        first = new Provenance(page);
        last = first;
        provenanceBytes = first.bytes();
        isHttps = page.url().isHttps();
        originLength = PackedUrl.originLength(page.url());
        bytes = new byte[Math.max(capacity, url.length + HEAD_BYTES)];
        System.arraycopy(url, 0, bytes, 0, originLength);
        from = originLength;
        to = originLength;
        append(url, 0);
    }

    /** A pack of one page before this one, with room for no other yet. */
    static PagePack of(Pending page, @Nullable PagePack next) {
        return new PagePack(page, PackedUrl.of(page.url()), 0, next);
    }

    /**
     * Adds a page of the same host.
     *
     * @return the pack that has it: this one, or a new one behind it if the page does not fit or has another priority
     */
    PagePack add(Pending page) {
        byte[] url = PackedUrl.of(page.url());
        boolean isAlike = page.url().isHttps() == isHttps && page.priority() == priority();
        if (!isAlike || !makeRoom(HEAD_BYTES + url.length - originLength)) {
            PagePack behind = new PagePack(page, url, isAlike ? MOST_BYTES : 0, next);
            next = behind;
            return behind;
        }
        boolean isFromElsewhere = !last.isOf(page);
        if (isFromElsewhere) {
            last = last.followedBy(page);
            provenanceBytes += last.bytes();
        }
        append(url, isFromElsewhere ? IS_FROM_ELSEWHERE : 0);
        return this;
    }

    /** Whether there is room for so many bytes. They are moved only to where they have half as much room again. */
    private boolean makeRoom(int needed) {
        if (bytes.length - to >= needed) {
            return true;
        }
        int pages = to - from;
        int size = originLength + (pages + needed) / 2 * 3;
        if (size > MOST_BYTES) {
            return false;
        }
        byte[] larger = new byte[size];
        System.arraycopy(bytes, 0, larger, 0, originLength);
        System.arraycopy(bytes, from, larger, originLength, pages);
        bytes = larger;
        from = originLength;
        to = originLength + pages;
        return true;
    }

    private void append(byte[] url, int flag) {
        int length = url.length - originLength;
        HEAD.set(bytes, to, length << 1 | flag);
        System.arraycopy(url, originLength, bytes, to + HEAD_BYTES, length);
        to += HEAD_BYTES + length;
    }

    /** Whether all its pages were taken. */
    boolean isEmpty() {
        return from == to;
    }

    /** The priority that all its pages have. */
    int priority() {
        return first.details.priority();
    }

    /** The pack behind this one. */
    @Nullable
    PagePack next() {
        return next;
    }

    /**
     * The first page, which stays. There must be one.
     *
     * @param host of the pages
     */
    Pending peek(Host host) {
        int head = (int) HEAD.get(bytes, from);
        int length = head >> 1;
        byte[] url = new byte[originLength + length];
        System.arraycopy(bytes, 0, url, 0, originLength);
        System.arraycopy(bytes, from + HEAD_BYTES, url, originLength, length);
        return provenance(head).pageAt(PackedUrl.unpacked(url, host));
    }

    /** Takes the first page. There must be one. */
    Pending take(Host host) {
        Pending page = peek(host);
        int head = (int) HEAD.get(bytes, from);
        Provenance of = provenance(head);
        provenanceBytes -= of == first ? 0 : first.bytes();
        first = of;
        from += HEAD_BYTES + (head >> 1);
        return page;
    }

    private Provenance provenance(int head) {
        return (head & IS_FROM_ELSEWHERE) == 0 ? first : Objects.requireNonNull(first.next());
    }

    /** What it takes in memory, about. */
    int bytes() {
        return OWN_BYTES + bytes.length + provenanceBytes;
    }

    /**
     * Where pages come from that follow each other in a pack: all that is known of them but their URLs. The links of
     * one page have it in common.
     */
    private static final class Provenance {

        /** Of this object, by its fields. */
        private static final int BYTES = 40;
        /** Of a referrer that nothing else holds: three objects, and the wrapper. */
        private static final int REFERRER_BYTES = 80;

        private final int depth;
        private final Optional<String> label;
        private final Optional<CanonicalUrl> referrer;
        private final Request.Details details;
        private final RedirectChain chain;
        private final Pending.Tried tried;

        private @Nullable Provenance next;

        Provenance(Pending page) {
            Request request = page.request();
            this.depth = request.depth();
            this.label = request.label();
            this.referrer = request.referrer();
            this.details = request.details();
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
         * Whether a page comes from here. All pages that links have found share one chain and one trial, so these are
         * compared by identity; where two that are equal are taken for different, the pack is a little larger.
         */
        @SuppressWarnings("ReferenceEquality")
        boolean isOf(Pending page) {
            Request request = page.request();
            return depth == request.depth() && chain == page.chain() && tried == page.tried()
                    && referrer.equals(request.referrer()) && label.equals(request.label())
                    && (details == request.details() || details.equals(request.details()));
        }

        Pending pageAt(CanonicalUrl url) {
            return new Pending(new Request(url, depth, label, referrer, details), chain, tried);
        }

        /** What it takes in memory, about. */
        int bytes() {
            return BYTES + details.bytes() + referrer.map(url -> REFERRER_BYTES + url.length()).orElse(0);
        }
    }
}
