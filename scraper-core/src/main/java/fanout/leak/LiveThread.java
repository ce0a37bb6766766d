package fanout.leak;

import java.time.Duration;
import java.util.List;

/** A thread that was alive at a look, and where it is in the JVM's tree. */
record LiveThread(Thread thread, LeakScope scope) implements Remnant {

    @Override
    public Object thing() {
        return thread;
    }

    @Override
    public boolean mayGo() {
        return true;
    }

    @Override
    public void awaitEnd(Duration atMost) throws InterruptedException {
        thread.join(atMost);
    }

    @Override
    public Leak leak() {
        List<StackTraceElement> stack = List.of(thread.getStackTrace());
        String name = thread.getName().isEmpty() ? "without a name" : "\"" + thread.getName() + "\"";
        String kind = thread.isVirtual() ? "virtual thread" : "platform thread";
        return new Leak(kind, name + " #" + thread.threadId() + ", " + thread.getState(), scope.path(), stack, thread);
    }
}
