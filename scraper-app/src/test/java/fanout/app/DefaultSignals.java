package fanout.app;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts a command that SIGINT and SIGHUP end, wherever the tests run: a shell makes what it starts in the background
 * ignore SIGINT, nohup makes its command ignore SIGHUP, and every process below inherits that.
 */
final class DefaultSignals {

    private static final int ALIVE = 7;

    private DefaultSignals() {}

    /** The command, behind one that restores the defaults and executes it; the process id stays the same. */
    static List<String> restoredFor(List<String> command) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        if (isIgnored("INT") || isIgnored("HUP")) {
            List<String> env = List.of("env", "--default-signal=INT,TERM,HUP");
            boolean restores = exitCode(List.of("env", "--default-signal=INT", "true")) == 0;
            if (!Boolean.getBoolean("fanout.ci")) {
                assumeTrue(restores, "a signal is ignored here, and this env (not GNU's) cannot restore it");
            }
            words.addAll(env);
        }
        words.addAll(command);
        return words;
    }

    private static boolean isIgnored(String signal) throws IOException, InterruptedException {
        return exitCode(List.of("sh", "-c", "kill -" + signal + " $$; exit " + ALIVE)) == ALIVE;
    }

    private static int exitCode(List<String> command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
