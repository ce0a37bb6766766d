package fanout;

import fanout.outcome.Stage;
import fanout.report.TaskSnapshot;
import fanout.report.TaskStanding;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A stalled crawl: for longer than it ever should, nothing was completed while there was work. What a person needs
 * to find out why, as it was at a look. Immutable.
 *
 * @param seenAt when that was
 * @param lasted how long ago the last completion was
 * @param ready URLs that could be fetched
 * @param leased pieces of work in the hands of workers
 * @param undelivered results that wait for the writer
 * @param jobLeft until the job's deadline
 * @param culprit whom everybody else waits for, as far as can be known
 * @param tasks who is alive, in which stage since when, and where its thread stands
 */
public record Stall(
        Instant seenAt,
        Duration lasted,
        long ready,
        int leased,
        int undelivered,
        Duration jobLeft,
        Culprit culprit,
        List<TaskStanding> tasks) {

    private static final int FRAMES = 12;
    private static final int MOST_TASKS = 40;

    public Stall {
        tasks = List.copyOf(tasks);
    }

    /** Whom everybody waits for. Of several that fit, the first in this order is named. */
    public sealed interface Culprit {

        /**
         * Threads that wait for each other in a circle, at least one of them a task of this crawl. Known for platform
         * threads only, because the JVM does not say which virtual thread holds a lock.
         *
         * @param waits each as "who waits for which lock held by whom"
         */
        record Cycle(List<String> waits) implements Culprit {
            public Cycle {
                waits = List.copyOf(waits);
            }
        }

        /** The sink: results wait for it, and it does not return. */
        record BusySink(TaskStanding writer) implements Culprit {}

        /**
         * Tasks beyond their deadline: their stage ignores it, and the interrupt, too. The one beyond it longest is
         * first.
         */
        record Overdue(List<TaskStanding> tasks) implements Culprit {
            public Overdue {
                tasks = List.copyOf(tasks);
            }
        }

        /** The one that has been in one stage of its work longest, still within its deadline. */
        record Slow(TaskStanding task) implements Culprit {}

        /** Leases that count as held, while no worker is at work: the worker that took them is gone. */
        record LostLeases(int leases) implements Culprit {}

        /**
         * Other crawls of the process: due work waits for their requests to a host, for whom all crawls are one
         * visitor. Without hosts it is what they share that is taken, such as the memory for robots.txt rules.
         */
        record OtherCrawls(List<HostProgress> hosts) implements Culprit {
            public OtherCrawls {
                hosts = List.copyOf(hosts);
            }
        }

        /**
         * No worker takes what is ready: the workers were not woken, or their threads get no processor.
         *
         * @param workers that are alive
         */
        record NobodyTakes(int workers) implements Culprit {}
    }

    /** Whose deadline comes next, of those that have not passed; empty if it is the job's. */
    public Optional<TaskSnapshot> nextDeadline() {
        return tasks.stream()
                .map(TaskStanding::task)
                .filter(task -> task.deadlineLeft()
                        .filter(left -> left.isPositive() && left.compareTo(jobLeft) < 0)
                        .isPresent())
                .min(Comparator.comparing(task -> task.deadlineLeft().orElseThrow()));
    }

    /** The report as text, in several lines: the tasks at work first, longest in its stage. */
    @Override
    public String toString() {
        List<TaskStanding> atWork = tasks.stream()
                .filter(Predicate.not(Stall::waitsForWork))
                .sorted(Comparator.comparing((TaskStanding each) -> each.task().since()).reversed())
                .toList();
        StringBuilder text = new StringBuilder(
                ("is stalled: nothing was completed for %d ms, with %d URLs ready, %d in the hands of workers "
                        + "and %d results undelivered")
                        .formatted(lasted.toMillis(), ready, leased, undelivered));
        text.append("\nheld up by: ").append(accusation());
        text.append("\nnext deadline: ")
                .append(nextDeadline().map(task -> task.name() + ", " + left(task))
                        .orElse("the job's, in %d ms".formatted(jobLeft.toMillis())));
        text.append("\ntasks:");
        atWork.stream().limit(MOST_TASKS).forEach(task -> text.append("\n  ").append(line(task)));
        if (atWork.size() > MOST_TASKS) {
            text.append("\n  and %d more at work".formatted(atWork.size() - MOST_TASKS));
        }
        if (atWork.size() < tasks.size()) {
            text.append("\n  and %d that wait for work".formatted(tasks.size() - atWork.size()));
        }
        return text.toString();
    }

    private static boolean waitsForWork(TaskStanding standing) {
        return standing.stage() == Stage.POLITENESS;
    }

    private String accusation() {
        return switch (culprit) {
            case Culprit.Cycle cycle -> "threads that wait for each other: " + String.join("; ", cycle.waits());
            case Culprit.BusySink sink -> "the sink, which does not return" + stack(sink.writer());
            case Culprit.Overdue overdue ->
                    "%d beyond their deadline, first of all %s%s".formatted(overdue.tasks().size(),
                            line(overdue.tasks().getFirst()), stack(overdue.tasks().getFirst()));
            case Culprit.Slow slow -> line(slow.task()) + stack(slow.task());
            case Culprit.LostLeases lost -> "%d pieces of work that no worker is at".formatted(lost.leases());
            case Culprit.OtherCrawls others -> others.hosts().isEmpty()
                    ? "other crawls, which have the memory for robots.txt rules, or fetch as many sitemaps as may be "
                            + "fetched at once"
                    : others.hosts().stream().map(HostProgress::held).collect(Collectors.joining("; "));
            case Culprit.NobodyTakes untaken -> "no worker takes what is ready, although %d are alive"
                    .formatted(untaken.workers());
        };
    }

    /** What everything waits for, on one line. */
    public String heldUpBy() {
        return accusation().lines().findFirst().orElseThrow();
    }

    private static String line(TaskStanding standing) {
        TaskSnapshot task = standing.task();
        return "%s: %s%s for %d ms, %s%s%s".formatted(task.name(), standing.stage().label(),
                task.about().map(" "::concat).orElse(""), task.since().toMillis(),
                standing.state().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                standing.blocker().map(" on "::concat).orElse(""),
                task.deadlineLeft().isPresent() ? ", " + left(task) : "");
    }

    private static String left(TaskSnapshot task) {
        long millis = task.deadlineLeft().orElseThrow().toMillis();
        return millis < 0 ? "%d ms beyond its deadline".formatted(-millis)
                : "%d ms before its deadline".formatted(millis);
    }

    private static String stack(TaskStanding standing) {
        return standing.stack().stream().limit(FRAMES).map(frame -> "\n    at " + frame).collect(Collectors.joining());
    }
}
