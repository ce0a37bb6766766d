package fanout;

import fanout.channel.Channel;
import fanout.frontier.Frontier;
import fanout.frontier.FrontierSnapshot;
import fanout.outcome.Step;
import fanout.sink.Totals;
import fanout.task.Deadline;
import fanout.task.Stage;
import fanout.task.TaskTree;
import fanout.task.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What can be seen of a crawl, from its begin on. Thread-safe; its parts are read one after the other, not in one moment. */
final class CrawlView {

    /** Of the busiest hosts, how many are asked why nothing is in flight. */
    private static final int HOSTS_ASKED = 20;

    private final Frontier frontier;
    private final Channel<Step> results;
    private final Totals totals;
    private final TaskTree tasks;
    private final StallWatch watch;
    private final Deadline deadline;
    private final long begunAt;
    private final Ticker ticker;

    /** @param begunAt of the ticker, so much earlier as earlier runs of the crawl have taken */
    CrawlView(Frontier frontier, Channel<Step> results, Totals totals, TaskTree tasks, StallWatch watch,
            Deadline deadline, long begunAt, Ticker ticker) {
        this.frontier = frontier;
        this.results = results;
        this.totals = totals;
        this.tasks = tasks;
        this.watch = watch;
        this.deadline = deadline;
        this.begunAt = begunAt;
        this.ticker = ticker;
    }

    /** A worker that waits for a host is shown which other crawl has it, if one has. */
    TaskTree.Snapshot tasks() {
        List<HostProgress> held = heldByOthers();
        return held.isEmpty() ? tasks.snapshot()
                : tasks.snapshot().waitingFor(Stage.POLITENESS, "a host that is ready; " + held.getFirst().held());
    }

    List<HostProgress> heldByOthers() {
        return frontier.heldByOthers().stream().map(HostProgress::of).toList();
    }

    List<TaskTree.Standing> standing() {
        return tasks.standing();
    }

    Optional<Stall> stall() {
        return watch.latest();
    }

    boolean isStalled() {
        return watch.isStalled();
    }

    List<HostProgress> hosts(int most) {
        return frontier.hosts(most).stream().map(HostProgress::of).toList();
    }

    CrawlProgress progress() {
        FrontierSnapshot urls = frontier.snapshot();
        return CrawlProgress.of(totals.snapshot(), urls, results.size(),
                new CrawlProgress.Timing(elapsed(), Duration.ofNanos(deadline.remainingNanos())), slowedDownBy(urls));
    }

    /** A crawl that has nothing in flight looks idle, and a reader asks why. */
    private Optional<HostProgress> slowedDownBy(FrontierSnapshot urls) {
        return urls.urls().leased() > 0 || urls.urls().delayed() == 0 ? Optional.empty()
                : hosts(HOSTS_ASKED).stream().filter(host -> host.refusal().isPresent()).findFirst();
    }

    /** Since the begin, in all runs of the crawl. */
    Duration elapsed() {
        return Duration.ofNanos(ticker.nanos() - begunAt);
    }
}
