package fanout;

import fanout.Stall.Culprit;
import fanout.outcome.Stage;
import fanout.report.TaskStanding;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the tasks of a stalled crawl wait for, as far as can be known. Of several culprits that fit, the first in the
 * order of {@link Culprit} is named. Stateless except for what it looks at.
 *
 * @param standing the crawl's tasks, and where their threads stand
 * @param leased pieces of work in the hands of workers
 * @param waitingResults results that wait for the writer
 * @param others what is known if everything waits for other crawls
 */
record CulpritSearch(
        List<TaskStanding> standing,
        int leased,
        int waitingResults,
        Optional<Culprit.OtherCrawls> others) {

    /** The writer's name in the task tree. */
    static final String WRITER = "writer";

    Culprit culprit() {
        List<String> cycle = cycle();
        if (!cycle.isEmpty()) {
            return new Culprit.Cycle(cycle);
        }
        Optional<TaskStanding> writer =
                standing.stream().filter(task -> task.task().name().equals(WRITER)).findAny();
        if (waitingResults > 0 && writer.isPresent()) {
            return new Culprit.BusySink(writer.get());
        }
        List<TaskStanding> overdue = standing.stream()
                .filter(task -> task.task().deadlineLeft().map(Duration::isNegative).orElse(false))
                .sorted(Comparator.comparing(task -> task.task().deadlineLeft().orElseThrow()))
                .toList();
        if (!overdue.isEmpty()) {
            return new Culprit.Overdue(overdue);
        }
        List<TaskStanding> workers = standing.stream().filter(task -> !task.task().name().equals(WRITER)).toList();
        return workers.stream()
                .filter(task -> task.stage() != Stage.POLITENESS)
                .max(Comparator.comparing(task -> task.task().since()))
                .<Culprit>map(Culprit.Slow::new)
                .orElseGet(() -> leased > 0 ? new Culprit.LostLeases(leased)
                        : others.isPresent() ? others.get() : new Culprit.NobodyTakes(workers.size()));
    }

    /** Threads that block each other, if one of this crawl's is among them. */
    private List<String> cycle() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long[] deadlocked = threads.findDeadlockedThreads();
        if (deadlocked == null) {
            return List.of();
        }
        Map<Long, ThreadInfo> blocked = Arrays.stream(threads.getThreadInfo(deadlocked))
                .filter(info -> info != null && info.getLockName() != null)
                .collect(Collectors.toMap(ThreadInfo::getThreadId, info -> info));
        Set<ThreadInfo> cycle = new LinkedHashSet<>(); // of this crawl: the process may have others
        @Nullable
        ThreadInfo next = standing.stream()
                .map(task -> blocked.get(task.threadId()))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        while (next != null && cycle.add(next)) {
            next = blocked.get(next.getLockOwnerId());
        }
        return cycle.stream().map(CulpritSearch::wait).toList();
    }

    private static String wait(ThreadInfo info) {
        return "%s waits for %s held by %s".formatted(info.getThreadName(), info.getLockName(),
                info.getLockOwnerName());
    }
}
