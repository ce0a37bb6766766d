package fanout.simulation;

import fanout.outcome.Step;
import fanout.sink.StepListener;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/** The steps of a crawl, as its listener was given them. Confined to the simulation. */
final class StepLog implements StepListener {

    private final IntSupplier outcomesWritten;
    private final List<Entry> entries = new ArrayList<>();

    /**
     * A call of the listener.
     *
     * @param early later steps that had arrived
     * @param outcomesWritten what the sink had been given by then
     */
    record Entry(Step step, int early, int outcomesWritten) {}

    /** @param outcomesWritten how many outcomes the sink was given, at any moment */
    StepLog(IntSupplier outcomesWritten) {
        this.outcomesWritten = outcomesWritten;
    }

    @Override
    public void written(Step step, int early) {
        entries.add(new Entry(step, early, outcomesWritten.getAsInt()));
    }

    List<Entry> entries() {
        return entries;
    }
}
