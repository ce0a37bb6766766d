package fanout.app.run;

import fanout.app.config.Output;
import fanout.app.signal.StopRequests;
import fanout.app.terminal.FileProblem;
import fanout.app.terminal.StandardOutput;
import fanout.journal.JournalException;
import fanout.journal.Position;
import fanout.outcome.Outcome;
import fanout.sink.ResumableSink;
import fanout.sink.Sink;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/**
 * A sink whose failures name its output, which the system's own words do not. An interrupted write stays what it
 * is. When the reader of standard output leaves, that is no failure: the crawl is drained, and what is left to
 * write is dropped, because it has no reader. Confined to the thread that writes; owns the sink.
 */
sealed class NamedSink implements Sink {

    /** An output cannot be written; the message names it and says why, for people. */
    static final class CannotWriteException extends IOException {

        private static final long serialVersionUID = 1;

        CannotWriteException(Output output, IOException cause) {
            super("cannot write " + output.place() + ": " + switch (output) {
                case Output.File file -> FileProblem.reason(file.path(), cause);
                case Output.Postgres _ -> cause.getMessage();
            }, cause);
        }
    }

    private final Output output;
    private final Sink sink;
    private final StopRequests stops;
    private boolean unread;

    private NamedSink(Output output, Sink sink, StopRequests stops) {
        this.output = output;
        this.sink = sink;
        this.stops = stops;
    }

    /** Returns a {@link ResumableSink} for one. */
    static NamedSink of(Output output, Sink sink, StopRequests stops) {
        return sink instanceof ResumableSink resumable ? new ResumableNamedSink(output, resumable, stops)
                : new NamedSink(output, sink, stops);
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
    public void close() throws IOException {
        try {
            sink.close();
        } catch (IOException e) {
            leaveUnread(e);
        }
    }

    final IOException named(IOException e) {
        return e instanceof ClosedByInterruptException ? e : new CannotWriteException(output, e);
    }

    private static final class ResumableNamedSink extends NamedSink implements ResumableSink {

        private final ResumableSink resumable;

        private ResumableNamedSink(Output output, ResumableSink resumable, StopRequests stops) {
            super(output, resumable, stops);
            this.resumable = resumable;
        }

        @Override
        public Position commit() throws IOException {
            try {
                return resumable.commit();
            } catch (IOException e) {
                throw named(e);
            }
        }

        @Override
        public void recorded() throws IOException {
            try {
                resumable.recorded();
            } catch (IOException e) {
                throw named(e);
            }
        }

        /** A refusal names the file by itself. */
        @Override
        public void resumeAt(Position position) throws IOException {
            try {
                resumable.resumeAt(position);
            } catch (JournalException e) {
                throw e;
            } catch (IOException e) {
                throw named(e);
            }
        }
    }
}
