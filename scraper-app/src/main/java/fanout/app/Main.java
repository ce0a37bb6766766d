package fanout.app;

import fanout.app.cli.CrawlCommand;
import fanout.app.cli.DemoCommand;
import fanout.app.cli.SchemaCommand;
import fanout.app.cli.Terminal;
import fanout.app.cli.ValidateCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code scraper} command; the only class that ends the JVM. */
@Command(name = "scraper", description = "A concurrent web crawler.", mixinStandardHelpOptions = true,
        versionProvider = Version.class, scope = ScopeType.INHERIT,
        subcommands = {DemoCommand.class, CrawlCommand.class, ValidateCommand.class, SchemaCommand.class},
        synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli, before it runs anything
    private CommandSpec spec;

    private Main() {}

    /** Runs the command line and exits with its code. */
    public static void main(String[] args) {
        System.exit(run(new PrintWriter(System.out, true, System.out.charset()),
                new PrintWriter(System.err, true, System.err.charset()), args));
    }

    /** Runs the command line, and returns its exit code. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
            out.println(Version.words()); // scripts ask often, and the model of all commands takes its time
            return CommandLine.ExitCode.OK;
        }
        return new CommandLine(new Main())
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Main::badUsage)
                .setExecutionExceptionHandler(Main::internalError)
                .execute(args);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    private static int badUsage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        new Terminal(command.getErr()).line("scraper: " + e.getMessage());
        command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return CommandLine.ExitCode.USAGE;
    }

    private static int internalError(Exception e, CommandLine command, ParseResult parsed) {
        new Terminal(command.getErr()).internalError(e);
        return CommandLine.ExitCode.SOFTWARE;
    }
}
