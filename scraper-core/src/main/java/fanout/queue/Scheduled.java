package fanout.queue;

import java.util.OptionalLong;

/** A host whose kinds of work have a place in a schedule each. Guarded by the frontier's lock. */
interface Scheduled {

    /** Kinds of work that are scheduled apart, since each may be held back for reasons of its own. */
    enum Kind {
        /** A robots.txt: held back while the rules of others fill the {@link RuleRoom}. */
        ROBOTS,
        /** A sitemap: held back while the {@link SitemapGate} is closed. */
        SITEMAP,
        /** A page. */
        PAGE
    }

    /** When work of this kind can be leased, a moment past included; empty if not before something has ended. */
    OptionalLong nextAt(Kind kind);

    /** Whether work of this kind waits for nothing but the host. */
    boolean hasWork(Kind kind);
}
