package fanout;

import fanout.outcome.CrawlListener;
import fanout.outcome.Outcome;
import fanout.outcome.Stage;
import fanout.outcome.Step;
import fanout.page.Attempt;
import fanout.page.Request;
import fanout.url.CanonicalUrl;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listeners of one crawl, as one that never throws: a listener that does is written to the log, and dropped.
 * Thread-safe. A call that has begun on another thread may still reach a listener that was dropped.
 */
final class Listeners implements CrawlListener {

    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final String crawl;
    private final List<CrawlListener> listening;

    Listeners(String crawl, Collection<? extends CrawlListener> listeners) {
        this.crawl = crawl;
        this.listening = new CopyOnWriteArrayList<>(listeners);
    }

    /** The sink was given the outcomes of a step. */
    void written(Step step) {
        step.admitted().forEach(this::admitted);
        step.outcomes().forEach(this::settled);
    }

    @Override
    public void admitted(Request request) {
        tell(listener -> listener.admitted(request));
    }

    @Override
    public void entered(CanonicalUrl url, Stage stage) {
        tell(listener -> listener.entered(url, stage));
    }

    @Override
    public void attempted(CanonicalUrl url, Attempt attempt) {
        tell(listener -> listener.attempted(url, attempt));
    }

    @Override
    public void settled(Outcome outcome) {
        tell(listener -> listener.settled(outcome));
    }

    private void tell(Consumer<CrawlListener> call) {
        listening.forEach(listener -> {
            try {
                call.accept(listener);
            } catch (RuntimeException | Error e) { // a user's listener may throw anything, and the crawl continues
                if (listening.remove(listener)) {
                    LOG.warn("{}: a listener has thrown and is told nothing more of this crawl: {}", crawl,
                            listener.getClass().getName(), e);
                }
            }
        });
    }
}
