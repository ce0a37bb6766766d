package fanout.frontier;

/** What a worker takes from the {@link Frontier}, and closes when it has done its part. */
public sealed interface Assignment extends AutoCloseable permits Lease, Decided {

    @Override
    void close();
}
