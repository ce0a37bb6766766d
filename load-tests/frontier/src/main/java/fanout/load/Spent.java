package fanout.load;

import java.time.Duration;

/** Time that has passed, and CPU time that this process has spent, in nanoseconds. */
record Spent(long wallNanos, long cpuNanos) {

    static final Spent NOTHING = new Spent(0, 0);

    /** On clocks of which only differences mean something. */
    static Spent now() {
        Duration cpu = ProcessHandle.current().info().totalCpuDuration().orElseThrow();
        return new Spent(System.nanoTime(), cpu.toNanos());
    }

    /** What was spent since this moment. */
    Spent since() {
        Spent now = now();
        return new Spent(now.wallNanos - wallNanos, now.cpuNanos - cpuNanos);
    }

    Spent plus(Spent other) {
        return new Spent(wallNanos + other.wallNanos, cpuNanos + other.cpuNanos);
    }
}
