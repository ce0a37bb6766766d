package fanout.internal.task;

import fanout.internal.annotation.Internal;
import java.time.Duration;

/** What a receiver got. */
@Internal
public sealed interface Received<T> {

    /** An element. */
    record Value<T>(T value) implements Received<T> {}

    /** Nothing will ever come: the channel was closed and is empty, or was cancelled. */
    record Closed<T>() implements Received<T> {}

    /** Nothing came in time. */
    record TimedOut<T>(Duration waited) implements Received<T> {}
}
