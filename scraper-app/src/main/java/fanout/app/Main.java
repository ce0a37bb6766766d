package fanout.app;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code scraper} command; the only class that ends the JVM. */
@Command(name = "scraper", description = "A concurrent web crawler.", mixinStandardHelpOptions = true, versionProvider = Version.class)
public final class Main {
    private Main() {}

    /** Runs the command line and exits with its code. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }
}
