package fanout.simulation;

import fanout.job.CrawlJob;
import fanout.report.FinishReason;
import fanout.simulation.Site.Access;
import fanout.simulation.Site.Moved;
import fanout.simulation.Site.Place;
import fanout.simulation.SiteServer.Opened;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Whether a {@link SiteCrawl} has logged in when it had to, and no more often; and whether what no session gets has
 * ended as it should. By what the servers have shown.
 */
final class SiteLogins {

    private final SiteCrawl run;
    private final CrawlJob job;
    private final Map<String, Line> lines;
    private final List<String> complaints = new ArrayList<>();

    /**
     * A login that was done.
     *
     * @param began when its first step was asked for
     * @param done when the crawl had its token
     */
    private record Login(String token, Moment began, Moment done) {

        boolean hasSent(Visit visit) {
            return visit.authorization.equals(Optional.of("Bearer " + token));
        }

        /** The same, or to a host to which no token goes, once there was this one. */
        boolean mayHaveSent(Visit visit) {
            return hasSent(visit) || (visit.authorization.isEmpty() && visit.began.time() >= done.time());
        }
    }

    /** @param lines by the keys of requests, at the end */
    SiteLogins(SiteCrawl run, Map<String, Line> lines) {
        this.run = run;
        this.job = run.plan.crawl().job();
        this.lines = lines;
    }

    List<String> complaints() {
        run.lives.forEach(this::life);
        lines.values().forEach(this::refused);
        return complaints;
    }

    private void expect(boolean holds, Supplier<String> complaint) {
        if (!holds) {
            complaints.add(complaint.get());
        }
    }

    private void life(Life life) {
        List<Login> logins = logins(life);
        List<Visit> pages =
                life.visits.stream().filter(visit -> !visit.isRobots() && !SiteServer.isStep(visit)).toList();
        pages.forEach(page -> underNewest(page, logins));
        for (int i = 1; i < logins.size(); i++) {
            wasDue(logins.get(i), logins.get(i - 1), pages);
        }
        forNoExpiry(logins, pages);
        inARow(logins, pages);
        life.report()
                .filter(report -> report.finishReason() == FinishReason.FAILED)
                .ifPresent(report -> expect(isHopeless(life, logins, pages),
                        () -> "failed for no reason: " + report.failure() + "\n    " + logins));
    }

    private List<Login> logins(Life life) {
        List<Login> logins = new ArrayList<>();
        Moment began = null;
        for (Visit visit : life.visits) {
            if (SiteServer.isStep(visit)) {
                began = began == null ? visit.began : began;
                Optional<Opened> token = run.server.token(visit);
                if (token.isPresent()) {
                    logins.add(new Login(token.get().token, began, visit.end()));
                    began = null;
                }
            }
        }
        return logins;
    }

    /** Pages are asked for after a login, under the newest session; only what was leased before a login is not. */
    private void underNewest(Visit page, List<Login> logins) {
        Optional<Login> newest =
                logins.stream().filter(login -> login.done.time() <= page.began.time()).reduce((_, later) -> later);
        expect(newest.isPresent(), () -> page + "\n    came before the first login");
        expect(page.authorization.isPresent() == isOfSession(page),
                () -> page + "\n    was sent with " + page.authorization);
        newest.filter(login -> page.authorization.isPresent() && !login.hasSent(page))
                .ifPresent(login -> expect(
                        !page.began.isSettledAfter(login.began)
                                && logins.stream().anyMatch(other -> other.hasSent(page)),
                        () -> page + "\n    was sent with " + page.authorization + ", after " + login));
    }

    private boolean isOfSession(Visit page) {
        return job.session().orElseThrow().origins().isEmpty()
                ? page.url.startsWith(Site.HOME + "/")
                : run.plan.site().isForMembers(page.url);
    }

    /** One login for all requests that the end of a session refuses. */
    private void wasDue(Login login, Login before, List<Visit> pages) {
        expect(pages.stream()
                .anyMatch(page -> before.mayHaveSent(page) && run.server.isRefused(page)
                        && page.end().time() <= login.began.time()),
                () -> login + "\n    was for nothing: no page was refused since " + before);
    }

    /** What is forbidden for good costs one login. */
    private void forNoExpiry(List<Login> logins, List<Visit> pages) {
        long hopeless = pages.stream().map(SiteCrawl::key).distinct().filter(this::leadsToNothing).count();
        long idle = logins.stream()
                .limit(Math.max(0, logins.size() - 1))
                .filter(login -> pages.stream()
                        .noneMatch(page -> login.hasSent(page) && run.server.isRefusedByTheEnd(page)))
                .count();
        expect(idle <= hopeless, () -> idle + " logins for " + hopeless + " requests that no session gets: " + logins);
    }

    private boolean isForbidden(String url) {
        return place(url).access() == Access.NOBODY
                || (url.startsWith(Site.LOGIN) && run.plan.habits().refusal() != Site.Refusal.UNAUTHORIZED);
    }

    /** Whether a request, or what it redirects to, is forbidden for good. */
    private boolean leadsToNothing(String key) {
        return chain(key).stream().anyMatch(this::isForbidden);
    }

    /** The URLs of a request and of what it redirects to. */
    private Set<String> chain(String key) {
        String url = key.startsWith("POST ") ? key.split(" ", 3)[1] : key;
        Set<String> chain = new LinkedHashSet<>();
        while (chain.add(url) && place(url).thing() instanceof Moved moved) {
            url = moved.to();
        }
        return chain;
    }

    private Place place(String url) {
        boolean isPosted = url.contains("/search/") || url.endsWith("/list");
        return run.plan.site().at(url, isPosted ? "POST" : "GET", Optional.empty());
    }

    /** Logins that follow each other without a page between them that was served. */
    private void inARow(List<Login> logins, List<Visit> pages) {
        int most = job.session().orElseThrow().maxLogins();
        int row = 0;
        for (int i = 0; i < logins.size(); i++) {
            row++;
            int inRow = row;
            expect(row <= most, () -> inRow + " logins in a row, and no page was served: " + logins);
            row = hasServed(logins, i, pages) ? 0 : row;
        }
    }

    /** Whether a page was served that was asked for after a login and before the next. */
    private boolean hasServed(List<Login> logins, int number, List<Visit> pages) {
        long from = logins.get(number).done.time();
        long until = number + 1 < logins.size() ? logins.get(number + 1).done.time() : Long.MAX_VALUE;
        return pages.stream()
                .anyMatch(page -> run.server.isServed(page) && page.began.time() >= from
                        && page.began.time() < until);
    }

    /** Whether the last login could not be done, or so many in a row have brought no page. */
    private boolean isHopeless(Life life, List<Login> logins, List<Visit> pages) {
        Optional<Visit> step = life.visits.stream().filter(SiteServer::isStep).reduce((_, later) -> later);
        boolean isLoginBroken = step.filter(last -> run.server.token(last).isEmpty()).isPresent();
        int most = job.session().orElseThrow().maxLogins();
        boolean areAllInVain = logins.size() >= most
                && pages.stream().anyMatch(page -> logins.getLast().mayHaveSent(page) && run.server.isRefused(page));
        for (int i = Math.max(0, logins.size() - most); i < logins.size(); i++) {
            areAllInVain &= !hasCertainlyServed(logins.get(i), pages);
        }
        return isLoginBroken || areAllInVain;
    }

    /** Whether a session has served a page before it refused one: what comes later may come when the next is due. */
    private boolean hasCertainlyServed(Login login, List<Visit> pages) {
        Optional<Moment> refused = pages.stream()
                .filter(page -> login.mayHaveSent(page) && run.server.isRefused(page))
                .map(Visit::end)
                .min(Comparator.comparingLong(Moment::time));
        return pages.stream()
                .anyMatch(page -> login.hasSent(page) && run.server.isServed(page)
                        && refused.filter(first -> !first.isSettledAfter(page.end())).isEmpty());
    }

    /** What ends as {@code failed}/{@code session} was refused by two sessions, and then another page was served. */
    private void refused(Line line) {
        String key = SiteCrawl.key(line);
        boolean isOfSession = line.reason().equals("session");
        boolean isMoved = place(line.url()).thing() instanceof Moved;
        if (isForbidden(line.url()) && !line.outcome().equals("cancelled") && !line.outcome().equals("skipped")) {
            expect(line.outcome().equals("failed"), () -> line + "\n    is forbidden to all");
        }
        if (isOfSession && !isMoved) {
            expect(run.lives.stream().anyMatch(life -> isRefusedForGood(life, key)),
                    () -> line + "\n    was not refused by two sessions, with another page served then: "
                            + run.log.visits().stream().filter(visit -> SiteCrawl.key(visit).equals(key)).toList());
        }
        if (isOfSession && isMoved) {
            expect(leadsToNothing(key)
                    || chain(key).stream().anyMatch(url -> place(url).access() != Access.ALL),
                    () -> line + "\n    is open to all");
        }
    }

    private boolean isRefusedForGood(Life life, String key) {
        List<Visit> refusals = life.visits.stream()
                .filter(visit -> SiteCrawl.key(visit).equals(key) && run.server.isRefused(visit))
                .toList();
        Set<Optional<String>> sessions = new HashSet<>();
        for (Visit refusal : refusals) {
            sessions.add(refusal.authorization);
            if (sessions.size() > 1 && isSettledAfter(refusal, life)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the session has served another page after it refused one, or no session has. */
    private boolean isSettledAfter(Visit refusal, Life life) {
        List<Visit> served = life.visits.stream()
                .filter(visit -> run.server.isServed(visit) && visit.began.time() >= refusal.end().time())
                .toList();
        return served.isEmpty() || served.stream()
                .anyMatch(visit -> visit.authorization.isEmpty()
                        || visit.authorization.equals(refusal.authorization));
    }
}
