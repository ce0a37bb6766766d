package fanout.socket;

import java.util.Optional;

/**
 * Binds the {@link SocketObserver} of the calling thread. The binding is a {@link ScopedValue}: it ends with the action and
 * cannot leak. Sockets that a thread of the HTTP client uses, as with HTTP/2, have no observer.
 */
public final class SocketObservation {

    private static final ScopedValue<SocketObserver> CURRENT = ScopedValue.newInstance();

    private SocketObservation() {}

    /** Runs an action whose sockets report to an observer. */
    public static <R, X extends Throwable> R by(SocketObserver observer,
            ScopedValue.CallableOp<? extends R, X> action) throws X {
        return ScopedValue.where(CURRENT, observer).call(action);
    }

    static Optional<SocketObserver> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }
}
