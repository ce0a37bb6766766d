package fanout.internal.host;

import fanout.internal.host.Work.Kind;
import fanout.internal.task.Times;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a crawl may lease next, and when: a {@link Schedule} for each kind of work, of which some may be held back by
 * what all crawls share. Of several hosts that are ready, the one that became ready first is next, whatever its kind of
 * work.
 *
 * <p>Guarded by the frontier's lock.
 */
public final class Agenda {

    private static final List<Kind> KINDS = List.of(Kind.values());

    private final Schedule<HostState> logins = new Schedule<>(this::nextTurn);
    private final Schedule<HostState> robots = new Schedule<>(this::nextTurn);
    private final Schedule<HostState> sitemaps = new Schedule<>(this::nextTurn);
    private final Schedule<HostState> pages = new Schedule<>(this::nextTurn);
    private final SitemapGate sitemapGate;
    private final RuleRoom.Share rules;
    private final LabelShares labels;
    /** Of pages that were set aside, by their label; each is held back while its label has no share left. */
    private final List<Schedule<HostState>> lanes;
    private boolean isLoginDue;
    private long turns;

    Agenda(SitemapGate sitemapGate, RuleRoom.Share rules, LabelShares labels) {
        this.sitemapGate = sitemapGate;
        this.rules = rules;
        this.labels = labels;
        this.lanes = IntStream.range(0, labels.count()).mapToObj(_ -> new Schedule<HostState>(this::nextTurn)).toList();
    }

    private long nextTurn() {
        return ++turns;
    }

    private Schedule<HostState> of(Kind kind) {
        return switch (kind) {
            case LOGIN -> logins;
            case ROBOTS -> robots;
            case SITEMAP -> sitemaps;
            case PAGE -> pages;
        };
    }

    private boolean isHeld(Kind kind) {
        return switch (kind) {
            case LOGIN -> false;
            case ROBOTS -> !rules.mayRead();
            case SITEMAP -> isLoginDue || !sitemapGate.isOpen();
            case PAGE -> isLoginDue;
        };
    }

    private boolean isLaneHeld(int label) {
        return isLoginDue || !labels.allowsOneMore(label);
    }

    /** Whether a host has work that neither what all crawls share nor its label holds back. */
    boolean mayTake(HostState host) {
        return KINDS.stream().anyMatch(kind -> !isHeld(kind) && host.hasWork(kind))
                || host.lanes().stream().anyMatch(lane -> !isLaneHeld(lane.label()) && host.hasWork(lane));
    }

    /** Holds back pages and sitemaps from now on, or no longer, since a login is due or was made. */
    public void loginDue(boolean isDue) {
        isLoginDue = isDue;
    }

    /** Puts a host where it belongs now. */
    void place(HostState host, long now) {
        for (Kind kind : KINDS) {
            Slot<HostState> slot = host.slot(kind);
            if (slot != null) {
                of(kind).place(slot, now);
            }
        }
        for (Lane<HostState> lane : host.lanes()) {
            lanes.get(lane.label()).place(lane, now);
        }
    }

    /** A host that is next, and for which kind of its work. */
    record Next(HostState host, Kind kind) {}

    /** What is next; null if no host is ready. */
    @Nullable
    Next first(long now) {
        Slot<HostState> first = null;
        for (Kind kind : KINDS) {
            Slot<HostState> slot = isHeld(kind) ? null : of(kind).first(now);
            first = sooner(first, slot);
        }
        for (int label = 0; label < lanes.size(); label++) {
            first = sooner(first, isLaneHeld(label) ? null : lanes.get(label).first(now));
        }
        return first == null ? null : foremost(first.owner());
    }

    private static @Nullable Slot<HostState> sooner(@Nullable Slot<HostState> one, @Nullable Slot<HostState> other) {
        return other != null && (one == null || other.turn() < one.turn()) ? other : one;
    }

    /** Of the kinds of work that a host is ready for, the first. */
    private Next foremost(HostState host) {
        for (Kind kind : KINDS) {
            Slot<HostState> slot = host.slot(kind);
            if (slot != null && slot.isReady() && !isHeld(kind)) {
                return new Next(host, kind);
            }
        }
        if (host.lanes().stream().anyMatch(lane -> lane.isReady() && !isLaneHeld(lane.label()))) {
            return new Next(host, Kind.PAGE);
        }
        throw new IllegalStateException("not ready: " + host.host());
    }

    /** A host's turn is taken: it goes behind the others that are ready. */
    void turnTaken(HostState host) {
        for (Kind kind : KINDS) {
            Slot<HostState> slot = host.slot(kind);
            if (slot != null) {
                of(kind).turnTaken(slot);
            }
        }
        for (Lane<HostState> lane : host.lanes()) {
            lanes.get(lane.label()).turnTaken(lane);
        }
    }

    /** A piece of work is under way. */
    void taken(Work work) {
        switch (work) {
            case Work.FetchRobots _ -> rules.reads();
            case Work.FetchSitemap _ -> sitemapGate.enter();
            case Work.FetchPage _,Work.LogIn _ -> {}
        }
    }

    /** It has ended. */
    void ended(Work work) {
        switch (work) {
            case Work.FetchRobots _ -> rules.hasRead();
            case Work.FetchSitemap _ -> sitemapGate.leave();
            case Work.FetchPage _,Work.LogIn _ -> {}
        }
    }

    /** Whether no host is, or by time alone becomes, ready. */
    public boolean isEmpty() {
        for (Kind kind : KINDS) {
            if (!isHeld(kind) && !of(kind).isEmpty()) {
                return false;
            }
        }
        for (int label = 0; label < lanes.size(); label++) {
            if (!isLaneHeld(label) && !lanes.get(label).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** Whether there is work that only an event makes possible: the end of a request, or room in what crawls share. */
    public boolean hasBlocked() {
        for (Kind kind : KINDS) {
            if (of(kind).hasBlocked() || (isHeld(kind) && !of(kind).isEmpty())) {
                return true;
            }
        }
        for (int label = 0; label < lanes.size(); label++) {
            if (lanes.get(label).hasBlocked() || (isLaneHeld(label) && !lanes.get(label).isEmpty())) {
                return true;
            }
        }
        return false;
    }

    /** When time alone makes a host ready, or now if one is; empty if none will be. */
    public OptionalLong nextAt(long now) {
        OptionalLong next = OptionalLong.empty();
        for (Kind kind : KINDS) {
            if (!isHeld(kind)) {
                next = Times.sooner(next, of(kind).nextAt(now));
            }
        }
        for (int label = 0; label < lanes.size(); label++) {
            if (!isLaneHeld(label)) {
                next = Times.sooner(next, lanes.get(label).nextAt(now));
            }
        }
        return next;
    }

    /** Pages at hosts that are ready, and at some of those whose time has just come. */
    public long readyPages(long now) {
        pages.wakeDue(now);
        long ready = pages.readyPages();
        for (int label = 0; label < lanes.size(); label++) {
            ready += isLaneHeld(label) ? 0 : lanes.get(label).readyPages();
        }
        return ready;
    }
}
