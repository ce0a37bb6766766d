package fanout.stress;

/** Actors of a stress test declare no exception, and no thread interrupts them. */
public final class Uninterrupted {

    private Uninterrupted() {}

    /** A call that may be interrupted. */
    @FunctionalInterface
    public interface Call<T> {

        T call() throws InterruptedException;
    }

    /** What the call returns. */
    public static <T> T get(Call<T> call) {
        try {
            return call.call();
        } catch (InterruptedException e) {
            throw new AssertionError("no thread interrupts an actor", e);
        }
    }
}
