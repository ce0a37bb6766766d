package fanout.leak;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** A process that this JVM has started and that runs. */
record ChildProcess(ProcessHandle thing) implements Remnant {

    /**
     * Those that run. To list them takes milliseconds, so none is asked unless the JDK has a thread that waits for the
     * end of one, or did within the last minute.
     */
    static Set<ProcessHandle> running(List<LiveThread> threads) {
        return threads.stream().anyMatch(each -> each.thread().getName().startsWith("process reaper"))
                ? ProcessHandle.current().children().filter(ProcessHandle::isAlive).collect(Collectors.toSet())
                : Set.of();
    }

    @Override
    public boolean mayGo() {
        return true;
    }

    @Override
    public void awaitEnd(Duration atMost) {
        LockSupport.parkNanos(Math.min(atMost.toNanos(), 1_000_000));
    }

    @Override
    public Leak leak() {
        String command = thing.info().commandLine().orElse("of an unknown command");
        return new Leak("process", "#" + thing.pid() + " " + command, "", List.of(), thing);
    }
}
