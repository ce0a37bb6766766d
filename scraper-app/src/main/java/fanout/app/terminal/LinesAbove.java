package fanout.app.terminal;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/**
 * Replaces {@link System#err} while something is drawn: whole lines of logs and libraries are written above the
 * drawing, cleaned. Thread-safe. Closing restores the former stream and writes what is left of a line.
 */
public final class LinesAbove extends OutputStream {

    /** In bytes; a longer line is written in pieces. */
    private static final int LONGEST = 8192;

    private final Terminal terminal;
    private final PrintStream former = System.err;
    private final Charset charset = former.charset();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    private LinesAbove(Terminal terminal) {
        this.terminal = terminal;
    }

    public static LinesAbove install(Terminal terminal) {
        LinesAbove lines = new LinesAbove(terminal);
        System.setErr(new PrintStream(lines, false, lines.charset));
        return lines;
    }

    @Override
    public synchronized void write(int b) {
        if (b == '\n') {
            end();
        } else {
            line.write(b);
            if (line.size() >= LONGEST) {
                end();
            }
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) {
        for (int i = from; i < from + length; i++) {
            write(bytes[i]);
        }
    }

    private void end() {
        String text = line.toString(charset);
        line.reset();
        terminal.line(CleanText.lines(text));
    }

    @Override
    public synchronized void close() {
        System.setErr(former);
        if (line.size() > 0) {
            end();
        }
    }
}
