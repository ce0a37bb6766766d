package fanout.internal.frontier;

import fanout.outcome.Step;

/** What a worker takes from the {@link Frontier}, and closes when it has done its part. */
public sealed interface Assignment extends AutoCloseable permits Lease, Assignment.Decided {

    @Override
    void close();

    /**
     * A step of URLs that the state of their host has settled: nothing is fetched, and the worker only sends the step.
     * Confined to the worker that took it.
     */
    final class Decided implements Assignment {

        private final Step step;
        private final Steps.Sending sending;

        Decided(Step step, Steps.Sending sending) {
            this.step = step;
            this.sending = sending;
        }

        /** Returns the step, to be sent by the caller before it closes this. */
        public Step step() {
            return step;
        }

        /** Says that the step was sent, or is left with another who sends it. */
        @Override
        public void close() {
            sending.sent();
        }
    }
}
