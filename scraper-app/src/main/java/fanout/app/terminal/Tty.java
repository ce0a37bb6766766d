package fanout.app.terminal;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jline.terminal.spi.SystemStream;
import org.jline.terminal.spi.TerminalProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the standard streams are connected to. Asked of the operating system by JLine, which costs a tenth of a second the
 * first time and nothing after that. Thread-safe.
 */
public final class Tty {

    /** The width of what has none. */
    public static final int USUAL = 80;

    private static final Logger LOG = LoggerFactory.getLogger(Tty.class);

    private Tty() {}

    /** The first use loads it, on the thread that asks. */
    private static final class Lazy {
        private static final Optional<TerminalProvider> SYSTEM = load();

        private static Optional<TerminalProvider> load() {
            try {
                return Optional.of(TerminalProvider.load("ffm"));
            } catch (IOException | RuntimeException | LinkageError e) {
                LOG.debug("nothing is known of terminals here", e);
                return Optional.empty();
            }
        }
    }

    /** The columns of standard error, if it is a terminal on which text can be drawn over. */
    public static OptionalInt drawable() {
        return canMoveTheCursor(System.getenv()) ? columns(SystemStream.Error) : OptionalInt.empty();
    }

    public static boolean canMoveTheCursor(Map<String, String> environment) {
        String kind = environment.getOrDefault("TERM", "");
        return !kind.isEmpty() && !kind.equals("dumb") && !kind.equals("unknown");
    }

    /** <a href="https://no-color.org">no-color.org</a>: whatever it is set to, unless that is empty. */
    public static boolean wantsColour(Map<String, String> environment) {
        return environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    /** The columns of standard error, or the usual number. */
    public static int errorWidth() {
        return columns(SystemStream.Error).orElse(USUAL);
    }

    /** The columns of standard output, or the usual number. */
    public static int outputWidth() {
        return columns(SystemStream.Output).orElse(USUAL);
    }

    public static boolean isOutputTerminal() {
        return columns(SystemStream.Output).isPresent();
    }

    private static OptionalInt columns(SystemStream stream) {
        if (System.getenv("TERM") == null) {
            return OptionalInt.empty(); // no terminal without; and looking would take its time
        }
        try {
            return Lazy.SYSTEM.filter(system -> system.isSystemStream(stream))
                    .map(system -> system.systemStreamWidth(stream))
                    .map(columns -> OptionalInt.of(columns > 0 ? columns : USUAL)) // a serial line does not know
                    .orElse(OptionalInt.empty());
        } catch (RuntimeException | LinkageError e) {
            LOG.debug("nothing is known of {}", stream, e);
            return OptionalInt.empty();
        }
    }
}
