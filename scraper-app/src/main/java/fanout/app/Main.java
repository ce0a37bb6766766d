package fanout.app;

import fanout.app.cli.CompletionCommand;
import fanout.app.cli.CrawlCommand;
import fanout.app.cli.DemoCommand;
import fanout.app.cli.EnumConverter;
import fanout.app.cli.ReportCommand;
import fanout.app.cli.SchemaCommand;
import fanout.app.cli.ServeCommand;
import fanout.app.cli.TokenCommand;
import fanout.app.cli.TryCommand;
import fanout.app.cli.ValidateCommand;
import fanout.app.rehearsal.Rehearsal;
import fanout.app.run.ExitCode;
import fanout.app.terminal.StandardOutput;
import fanout.app.terminal.Terminal;
import fanout.app.terminal.Userinfo;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code scraper} command; the only class that ends the JVM. */
@Command(name = "scraper", description = "A polite and concurrent web crawler. Start with: scraper demo",
        descriptionHeading = "%n", parameterListHeading = "%nParameters:%n", optionListHeading = "%nOptions:%n",
        commandListHeading = "%nCommands:%n", mixinStandardHelpOptions = true,
        versionProvider = Version.class, scope = ScopeType.INHERIT,
        subcommands = {DemoCommand.class, CrawlCommand.class, TryCommand.class, ValidateCommand.class,
            ReportCommand.class, ServeCommand.class, TokenCommand.class, SchemaCommand.class,
            CompletionCommand.class, CommandLine.HelpCommand.class},
        synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before run
    private CommandSpec spec;

    /** What picocli's own {@code help} says of a word that is no command. */
    private static final Pattern UNKNOWN_COMMAND = Pattern.compile("(?s)Unknown subcommand '(.*)'\\.");

    private static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";

    private Main() {}

    /** Runs the command line and exits with its code. */
    public static void main(String[] args) throws IOException, InterruptedException {
        String rehearsal = System.getProperty(Rehearsal.PROPERTY);
        if (rehearsal != null) {
            int code = new Rehearsal(Path.of(rehearsal), Main::runUnread, Rehearsal.CRAWLS).run();
            ProcessEnd.exitOfTheCLibrary();
            System.exit(code); // what the JVM has learnt is written on its way out
        }
        if (args.length > 0 && args[0].equals("serve")) {
            keepCarriersForRequests();
        }
        StandardOutput out = new StandardOutput(new FileOutputStream(FileDescriptor.out), System.out.charset());
        int code = run(out, new PrintWriter(System.err, true, System.err.charset()), args);
        ProcessEnd.atOnceIfAsked(code);
        System.exit(code);
    }

    /**
     * Gives virtual threads two carriers more than there are processors, on which as many pages are parsed at once:
     * requests find a carrier, whatever crawls compute. The operating system shares the processors. Called before the
     * first virtual thread.
     */
    private static void keepCarriersForRequests() {
        if (System.getProperty(CARRIERS) == null) {
            System.setProperty(CARRIERS, String.valueOf(Runtime.getRuntime().availableProcessors() + 2));
        }
    }

    /** Runs the command line, and returns its exit code. Its output is dropped, its messages are not. */
    static int runUnread(String... args) {
        return run(new PrintWriter(Writer.nullWriter()), new PrintWriter(System.err, true, System.err.charset()), args);
    }

    /**
     * Runs the command line, and returns its exit code, which is no success if standard output could not be written.
     */
    static int run(StandardOutput out, PrintWriter err, String... args) {
        int code = run(out.writer(), err, args);
        Optional<IOException> failure = out.failure();
        failure.filter(e -> !StandardOutput.isReaderGone(e))
                .ifPresent(e -> new Terminal(err)
                        .line("scraper: cannot write to standard output: " + e.getMessage()));
        if (failure.isEmpty() || code != CommandLine.ExitCode.OK) {
            return code;
        }
        return (StandardOutput.isReaderGone(failure.get()) ? ExitCode.INTERRUPTED : ExitCode.NO_RESULTS).value();
    }

    /** Runs the command line, and returns its exit code. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
            out.println(Version.words()); // without the model of all commands, which takes time to build
            return CommandLine.ExitCode.OK;
        }
        return EnumConverter.register(new CommandLine(new Main(), Main::make))
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler(Main::badUsage)
                .setExecutionExceptionHandler(Main::internalError)
                .execute(args);
    }

    /** Makes a command for picocli; those that run a job can halt the process. */
    private static <T> T make(Class<T> type) throws Exception {
        if (type == CrawlCommand.class) {
            return type.cast(new CrawlCommand(() -> halt(ExitCode.INTERRUPTED)));
        }
        if (type == ServeCommand.class) {
            return type.cast(new ServeCommand(Main::halt));
        }
        return type == DemoCommand.class ? type.cast(new DemoCommand(Main::halt))
                : CommandLine.defaultFactory().create(type);
    }

    /**
     * The end that a third signal asks for, or a stop that is not obeyed: no shutdown hook runs, and nothing is waited
     * for.
     */
    private static void halt(ExitCode code) {
        Runtime.getRuntime().halt(code.value());
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    private static int badUsage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        Terminal terminal = new Terminal(command.getErr());
        Matcher unknown = UNKNOWN_COMMAND.matcher(String.valueOf(e.getMessage()));
        String problem = e instanceof UnmatchedArgumentException unmatched ? unmatchedWord(unmatched)
                : e instanceof MissingParameterException missing ? missing(missing, args)
                        : unknown.matches() ? "there is no command " + unknown.group(1) + commands(command)
                                : e.getMessage();
        terminal.line("scraper: " + Userinfo.hiddenIn(String.valueOf(problem)));
        command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return CommandLine.ExitCode.USAGE;
    }

    /** What was not understood, and what was perhaps meant. */
    private static String unmatchedWord(UnmatchedArgumentException e) {
        String word = e.getUnmatched().getFirst();
        boolean command = e.getCommandLine().getParent() == null;
        String what =
                e.isUnknownOption() ? "there is no option " : command ? "there is no command " : "did not expect ";
        return what + word + (e.getSuggestions().isEmpty()
                ? command && !e.isUnknownOption() ? commands(e.getCommandLine()) : ""
                : "; did you mean " + String.join(" or ", e.getSuggestions().stream().limit(3).toList()) + "?");
    }

    /** An option that is spelt wrong is the reason, rather than what is missing next to it. */
    private static String missing(MissingParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        for (String word : args) {
            if (word.equals("--")) {
                break; // what follows is no option
            }
            boolean isOption = word.startsWith("--") || word.matches("-[A-Za-z]");
            if (isOption && command.getCommandSpec().findOption(word.split("=", 2)[0]) == null) {
                return unmatchedWord(new UnmatchedArgumentException(command, List.of(word)));
            }
        }
        return e.getMissing().stream().map(Main::shown).collect(Collectors.joining(" and "))
                + (e.getMissing().size() == 1 ? " is missing" : " are missing");
    }

    private static String shown(ArgSpec missing) {
        return missing instanceof OptionSpec option ? option.longestName() : missing.paramLabel();
    }

    private static String commands(CommandLine command) {
        return "; the commands are " + String.join(", ", command.getSubcommands().keySet());
    }

    private static int internalError(Exception e, CommandLine command, ParseResult parsed) {
        new Terminal(command.getErr()).internalError(e);
        return CommandLine.ExitCode.SOFTWARE;
    }
}
