package fanout.app.run;

import fanout.app.config.Output;
import fanout.journal.JournalException;
import fanout.journal.Position;
import fanout.outcome.Outcome;
import fanout.sink.Sink;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/**
 * A sink whose failures name its output, which the system's own words do not. An interrupted write stays what it is. Confined
 * to the thread that writes; owns the sink.
 */
record NamedSink(Output output, Sink sink) implements Sink {

    @Override
    public void write(Outcome outcome) throws IOException, InterruptedException {
        try {
            sink.write(outcome);
        } catch (IOException e) {
            throw named(e);
        }
    }

    @Override
    public void flush() throws IOException {
        try {
            sink.flush();
        } catch (IOException e) {
            throw named(e);
        }
    }

    @Override
    public boolean isResumable() {
        return sink.isResumable();
    }

    @Override
    public Position commit() throws IOException {
        try {
            return sink.commit();
        } catch (IOException e) {
            throw named(e);
        }
    }

    /** A refusal names the file by itself. */
    @Override
    public void resumeAt(Position position) throws IOException {
        try {
            sink.resumeAt(position);
        } catch (JournalException e) {
            throw e;
        } catch (IOException e) {
            throw named(e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            sink.close();
        } catch (IOException e) {
            throw named(e);
        }
    }

    private IOException named(IOException e) {
        return e instanceof ClosedByInterruptException ? e : new CannotWriteException(output, e);
    }
}
