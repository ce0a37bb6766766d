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
 * Whether the standard streams are terminals, and how wide. JLine asks the operating system, which takes a tenth of a
 * second the first time. Thread-safe.
 */
public final class Tty {

    /** The width of a stream that is not a terminal. */
    public static final int USUAL = 80;

    private static final Logger LOG = LoggerFactory.getLogger(Tty.class);

    private Tty() {}

    /** Loaded by the first use, on its thread. */
    private static final class Lazy {
        private static final Optional<TerminalProvider> SYSTEM = load();

        private static Optional<TerminalProvider> load() {
            try {
                return Optional.of(TerminalProvider.load("ffm"));
            } catch (IOException | RuntimeException | LinkageError e) {
                LOG.debug("terminals cannot be asked here", e);
                return Optional.empty();
            }
        }
    }

    /** The columns of standard error, if it is a terminal with a cursor that can be moved. */
    public static OptionalInt drawable() {
        return canMoveTheCursor(System.getenv()) ? columns(SystemStream.Error) : OptionalInt.empty();
    }

    static boolean canMoveTheCursor(Map<String, String> environment) {
        String kind = environment.getOrDefault("TERM", "");
        return !kind.isEmpty() && !kind.equals("dumb") && !kind.equals("unknown");
    }

    /** <a href="https://no-color.org">no-color.org</a>: any value but an empty one turns colour off. */
    static boolean wantsColour(Map<String, String> environment) {
        return environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    /** Returns the columns of standard error; what is no terminal, such as a file, has no end of the line. */
    public static int errorWidth() {
        return columns(SystemStream.Error).orElse(Integer.MAX_VALUE);
    }

    /** Returns the columns of standard output; what is no terminal, such as a file, has no end of the line. */
    public static int outputWidth() {
        return columns(SystemStream.Output).orElse(Integer.MAX_VALUE);
    }

    public static boolean isOutputTerminal() {
        return columns(SystemStream.Output).isPresent();
    }

    private static OptionalInt columns(SystemStream stream) {
        if (System.getenv("TERM") == null) {
            return OptionalInt.empty(); // a terminal sets it; asking JLine would take time
        }
        try {
            return Lazy.SYSTEM.filter(system -> system.isSystemStream(stream))
                    .map(system -> system.systemStreamWidth(stream))
                    .map(columns -> OptionalInt.of(columns > 0 ? columns : USUAL)) // a serial line has no width
                    .orElse(OptionalInt.empty());
        } catch (RuntimeException | LinkageError e) {
            LOG.debug("{} cannot be asked", stream, e);
            return OptionalInt.empty();
        }
    }
}
