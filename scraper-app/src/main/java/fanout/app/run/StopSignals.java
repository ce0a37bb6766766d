package fanout.app.run;

import fanout.app.signal.Signals;
import fanout.app.signal.StopRequests;
import fanout.app.terminal.Terminal;

/**
 * What SIGINT, SIGTERM and SIGHUP do to a run: the first drains, the second cancels, the third halts.
 *
 * @param halt ends the process at once
 */
record StopSignals(StopRequests stops, Terminal terminal, Runnable halt) {

    private static final long LAST_WORDS_MS = 100;

    /** Answers signals until the result is closed. */
    Signals answered() {
        return Signals.answer(this::drain, this::cancel, this::haltNow);
    }

    private void drain() {
        if (stops.drain()) {
            return; // the run says what it has waited for
        }
        say("scraper: draining: fetches in flight may finish, nothing new starts; Ctrl-C again to stop now");
    }

    private void cancel() {
        stops.cancel();
        say("scraper: stopping: fetches in flight are given up, results are written; Ctrl-C again to halt");
    }

    /** A display on the terminal says it itself. */
    private void say(String text) {
        if (!terminal.isDrawnOn()) {
            terminal.line(text);
        }
    }

    private void haltNow() {
        try {
            terminal.eraseIfPossible(LAST_WORDS_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the process ends with the next call
        }
        halt.run();
    }
}
