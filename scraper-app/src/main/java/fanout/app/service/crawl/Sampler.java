package fanout.app.service.crawl;

import fanout.app.json.Json;
import fanout.app.service.run.CrawlTask;
import fanout.app.service.run.LiveCrawls;
import fanout.app.service.run.ProgressView;
import fanout.app.store.History;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the crawls that run: every quarter of a second at what was committed, every second at their figures, which
 * every other second are kept, and every minute at what must be deleted. Confined to the thread that runs it.
 */
final class Sampler {

    private static final Logger LOG = LoggerFactory.getLogger(Sampler.class);
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final int LOOKS_PER_SAMPLE = 4;
    private static final int LOOKS_PER_KEEPING = 8;
    private static final int LOOKS_PER_CLEANING = 240;

    private final LiveCrawls live;
    private final History history;
    private final Retention retention;
    private final Duration steady;
    private final Set<CrawlTask> forgiven = new HashSet<>();
    private boolean keeps = true;

    Sampler(LiveCrawls live, History history, Retention retention) {
        this(live, history, retention, Duration.ofMinutes(10));
    }

    /** @param steady after how long a crawl that runs is no longer suspected of having ended the service */
    Sampler(LiveCrawls live, History history, Retention retention, Duration steady) {
        this.live = live;
        this.history = history;
        this.retention = retention;
        this.steady = steady;
    }

    /** Runs until all others have left, or the thread is interrupted. */
    Void run(CountDownLatch othersLeft) throws InterruptedException {
        for (int i = 1; !othersLeft.await(LOOK.toNanos(), TimeUnit.NANOSECONDS); i++) {
            live.all().forEach(CrawlTask::showCommitted);
            if (i % LOOKS_PER_SAMPLE == 0) {
                live.all().forEach(CrawlTask::sample);
            }
            if (i % LOOKS_PER_KEEPING == 0) {
                keepFigures();
            }
            if (i % LOOKS_PER_CLEANING == 0) {
                clean();
            }
        }
        return null;
    }

    /** After a crash they are what is known of a crawl that does not resume. */
    void keepFigures() {
        try {
            forgiven.retainAll(live.all());
            for (CrawlTask task : live.all()) {
                if (task.running().compareTo(steady) >= 0 && !forgiven.contains(task)) {
                    history.forgiven(task.id());
                    forgiven.add(task);
                }
                Optional<ProgressView> figures = task.measured();
                if (figures.isPresent()) {
                    history.progressed(task.id(), Json.line(figures.get()));
                }
            }
            keeps = true;
        } catch (IOException e) {
            if (keeps) {
                LOG.warn("the figures of crawls cannot be kept; tried again every other second", e);
            }
            keeps = false;
        }
    }

    private void clean() {
        try {
            retention.run();
        } catch (IOException e) {
            LOG.warn("old crawls cannot be deleted", e); // tried again in a minute
        }
    }
}
