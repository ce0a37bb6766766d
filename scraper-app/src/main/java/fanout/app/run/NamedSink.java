package fanout.app.run;

import fanout.app.config.Output;
import fanout.app.signal.StopRequests;
import fanout.app.terminal.StandardOutput;
import fanout.journal.JournalException;
import fanout.journal.Position;
import fanout.outcome.Outcome;
import fanout.sink.Sink;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/**
 * A sink whose failures name its output, which the system's own words do not. An interrupted write stays what it is. When the
 * reader of standard output leaves, that is no failure: the crawl is drained, and what is left to write is dropped, because it
 * has no reader. Confined to the thread that writes; owns the sink.
 */
final class NamedSink implements Sink {

    private final Output output;
    private final Sink sink;
    private final StopRequests stops;
    private boolean unread;

    NamedSink(Output output, Sink sink, StopRequests stops) {
        this.output = output;
        this.sink = sink;
        this.stops = stops;
    }

    @Override
    public void write(Outcome outcome) throws IOException, InterruptedException {
        if (!unread) {
            try {
                sink.write(outcome);
            } catch (IOException e) {
                leaveUnread(e);
            }
        }
    }

    @Override
    public void flush() throws IOException {
        if (!unread) {
            try {
                sink.flush();
            } catch (IOException e) {
                leaveUnread(e);
            }
        }
    }

    /** Drops what is written from now on if the reader has left; throws any other failure. */
    private void leaveUnread(IOException e) throws IOException {
        if (!output.isStandardOutput() || !StandardOutput.isReaderGone(e)) {
            throw named(e);
        }
        unread = true;
        stops.readerLeft();
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
            leaveUnread(e);
        }
    }

    private IOException named(IOException e) {
        return e instanceof ClosedByInterruptException ? e : new CannotWriteException(output, e);
    }
}
