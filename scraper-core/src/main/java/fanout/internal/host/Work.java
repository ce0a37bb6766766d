package fanout.internal.host;

import fanout.page.Attempt;
import fanout.page.OpenSession;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import fanout.url.Host;
import java.util.Map;
import java.util.Optional;

/** What a worker is asked to do. */
public sealed interface Work {

    /** The URL to fetch. */
    CanonicalUrl url();

    /** Whether it may become a page that is ok; a link out of scope that is asked whether it works is no page. */
    default boolean isOfAPage() {
        return this instanceof FetchPage page && !page.request().isExternal();
    }

    /** Kinds of work that are scheduled apart, since each may be held back for reasons of its own. */
    enum Kind {
        /** A step of a login. */
        LOGIN,
        /** A robots.txt: held back while the rules of others fill the {@link RuleRoom}. */
        ROBOTS,
        /** A sitemap: held back while the {@link SitemapGate} is closed. */
        SITEMAP,
        /** A page: held back while a login is due. */
        PAGE
    }

    /**
     * A step of a login, or what a redirect of it leads to. Its text shows nothing that is sent.
     *
     * @param step which of the job's, from 0 on
     * @param request what is sent; empty if the step is the first, whose request no page decides
     * @param hops redirects that led to the URL
     * @param attempts made for this URL so far
     * @param session that the login opens
     * @param values that the steps before have given
     */
    record LogIn(
            int step,
            CanonicalUrl url,
            Optional<Request> request,
            int hops,
            int attempts,
            OpenSession session,
            Map<String, Object> values) implements Work {

        public LogIn {
            values = Map.copyOf(values);
        }

        /** The first step of a login. */
        public static LogIn first(CanonicalUrl url, OpenSession session) {
            return new LogIn(0, url, Optional.empty(), 0, 0, session, Map.of());
        }

        /** Returns the same once more, after an attempt that failed. */
        public LogIn retried() {
            return new LogIn(step, url, request, hops, attempts + 1, session, values);
        }

        @Override
        public String toString() {
            return "LogIn[step=" + step + ", url=" + url + ", " + session + "]";
        }
    }

    /**
     * A page.
     *
     * @param attempts made for this URL so far
     * @param redirects hops that led to it
     * @param rules of the page's host, which the worker holds it against before it asks: patterns take time, and the
     *     frontier must not spend it under its lock
     */
    record FetchPage(Request request, int attempts, int redirects, RobotsRules rules) implements Work {

        @Override
        public CanonicalUrl url() {
            return request.url();
        }

        /** The trail of the page after this attempt. */
        public Trail trailAfter(Attempt attempt) {
            return new Trail(attempts + 1, redirects, Optional.of(attempt));
        }
    }

    /**
     * A robots.txt, which every page of its host waits for.
     *
     * @param of the host whose rules these are; the URL may be another's, after a redirect
     * @param hops redirects that led to the URL
     * @param attempts made for this URL so far
     */
    record FetchRobots(Host of, CanonicalUrl url, int hops, int attempts) implements Work {}

    /**
     * A sitemap.
     *
     * @param hops redirects that led to the URL
     * @param attempts made for this URL so far
     */
    record FetchSitemap(CanonicalUrl url, int hops, int attempts) implements Work {}
}
