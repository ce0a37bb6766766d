package fanout.app.service.crawl;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The crawls that wait or run, by their ids, and whether the service stops. Thread-safe. */
final class LiveCrawls {

    private final Map<String, CrawlTask> tasks = new ConcurrentHashMap<>();
    private final Set<String> endWanted = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    /** Takes the place of an earlier run of the same crawl, which has ended. */
    void add(CrawlTask task) {
        endWanted.remove(task.id());
        tasks.put(task.id(), task);
    }

    /** Removes a run that has ended, unless a later one of the same crawl has taken its place. */
    void remove(CrawlTask task) {
        if (tasks.remove(task.id(), task)) {
            endWanted.remove(task.id());
        }
    }

    Optional<CrawlTask> find(String id) {
        return Optional.ofNullable(tasks.get(id));
    }

    List<CrawlTask> all() {
        return List.copyOf(tasks.values());
    }

    /** Remembers that a person, not the end of the service, has asked a crawl to end. */
    void endWanted(String id) {
        endWanted.add(id);
    }

    boolean isEndWanted(String id) {
        return endWanted.contains(id);
    }

    void stop() {
        stopping = true;
    }

    boolean isStopping() {
        return stopping;
    }
}
