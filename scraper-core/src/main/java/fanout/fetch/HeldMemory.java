package fanout.fetch;

/** The memory that a response's body takes, given back by closing. Idempotent. */
@FunctionalInterface
public interface HeldMemory extends AutoCloseable {

    /** Of a response without a body. */
    HeldMemory NONE = () -> {};

    @Override
    void close();
}
