package fanout.app.terminal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Standard error, for people: lines that stay and, below them, lines that are redrawn. All text goes through
 * {@link CleanText}.
 *
 * <p>Between two writes the cursor is at the beginning of the drawing, and the terminal has saved that place. A new
 * line goes back there, clears what is below, writes its text and redraws the drawing; that removes the echo of what a
 * user types. After a resize the saved place is wrong, but the cursor has stayed with the text, on however many rows
 * that is now: {@link #moved} is called then.
 *
 * <p>Thread-safe; each line and each drawing is one write.
 */
public final class Terminal {

    private static final String SAVE_PLACE = "\u001b7";
    private static final String BACK_TO_PLACE = "\u001b8";
    private static final String CLEAR_BELOW = "\u001b[J";
    private static final String CLEAR_TO_THE_RIGHT = "\u001b[K";
    private static final String CUT_LONG_LINES = "\u001b[?7l";
    private static final String WRAP_LONG_LINES = "\u001b[?7h";

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final PrintWriter err;

    @GuardedBy("lock")
    private List<String> drawn = List.of();

    @GuardedBy("lock")
    private int width;

    /** Whether the drawing is where the cursor is, and not at the saved place. */
    @GuardedBy("lock")
    private boolean moved;

    public Terminal(PrintWriter err) {
        this.err = err;
    }

    /** Writes a line. */
    public void line(String text) {
        lines(CleanText.line(text));
    }

    /** Reports a bug, with its stack trace. */
    public void internalError(Throwable bug) {
        StringWriter trace = new StringWriter();
        bug.printStackTrace(new PrintWriter(trace));
        lines("scraper: internal error: " + CleanText.lines(trace.toString()));
    }

    /** Writes lines that are clean already. */
    private void lines(String clean) {
        lock.lock();
        try {
            if (drawn.isEmpty()) {
                err.println(clean);
            } else {
                err.print(start() + CLEAR_BELOW + clean.replace("\n", "\r\n") + "\r\n" + drawing());
            }
            err.flush();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Draws these lines over those drawn before.
     *
     * @param lines clean, none longer than the terminal is wide
     * @param columns the terminal's width: when it changes, everything is redrawn
     */
    public void draw(List<String> lines, int columns) {
        lock.lock();
        try {
            String start = start();
            boolean redraw = columns != width || moved || lines.size() < drawn.size();
            drawn = List.copyOf(lines);
            width = columns;
            err.print(start + (redraw ? CLEAR_BELOW : "") + drawing());
            moved = false;
            err.flush();
        } finally {
            lock.unlock();
        }
    }

    /** Forgets the saved place: the window was resized, or another program has written to the terminal. */
    public void moved() {
        lock.lock();
        try {
            moved = true;
        } finally {
            lock.unlock();
        }
    }

    /** Goes to where the drawing begins. */
    @GuardedBy("lock")
    private String start() {
        return drawn.isEmpty() || moved ? "\r" : BACK_TO_PLACE;
    }

    @GuardedBy("lock")
    private String drawing() {
        String up = drawn.size() > 1 ? "\u001b[" + (drawn.size() - 1) + "A" : "";
        return CUT_LONG_LINES + String.join(CLEAR_TO_THE_RIGHT + "\r\n", drawn) + CLEAR_TO_THE_RIGHT + "\r" + up
                + WRAP_LONG_LINES + SAVE_PLACE;
    }

    /** Whether something is drawn. */
    public boolean isDrawnOn() {
        lock.lock();
        try {
            return !drawn.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Leaves nothing of what was drawn. */
    public void erase() {
        lock.lock();
        try {
            if (!drawn.isEmpty()) {
                err.print(start() + CLEAR_BELOW);
                drawn = List.of();
                moved = false;
                err.flush();
            }
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #erase}, before the process is halted; does nothing if a thread that may be stuck is writing. */
    public void eraseIfPossible(long milliseconds) throws InterruptedException {
        if (lock.tryLock(milliseconds, TimeUnit.MILLISECONDS)) {
            try {
                erase();
            } finally {
                lock.unlock();
            }
        }
    }
}
