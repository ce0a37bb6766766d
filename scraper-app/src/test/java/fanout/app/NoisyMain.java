package fanout.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.LoggerFactory;

/** The command, beside a library that logs a warning as soon as there is a certain file. */
final class NoisyMain {

    private NoisyMain() {}

    static void main(String[] args) throws Exception {
        Path sign = Path.of(args[0]);
        Thread.ofPlatform().daemon().start(() -> {
            while (!Files.exists(sign)) {
                LockSupport.parkNanos(20_000_000);
            }
            LoggerFactory.getLogger("library").warn("a title \u001b[2J\u009b2J\u202e of the web");
        });
        Main.main(java.util.Arrays.copyOfRange(args, 1, args.length));
    }
}
