package fanout.app.cli;

import fanout.app.cli.TokenAccess.RefusedTokenException;
import fanout.app.run.ExitCode;
import fanout.app.store.TokenRole;
import fanout.app.terminal.CleanText;
import fanout.app.terminal.Table;
import fanout.app.terminal.Terminal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code scraper token}: the tokens of a service that runs, or of a data folder that no service uses. */
@Command(name = "token", description = "Creates, lists and deletes the tokens that open a service.",
        subcommands = {TokenCommand.Create.class, TokenCommand.Show.class, TokenCommand.Delete.class},
        synopsisSubcommandLabel = "COMMAND", exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:internal error",
            "2:bad usage, or the data folder cannot be used or the service not be reached",
            "4:refused, as a name that is taken or a token that may not; the message has the reason"},
        footerHeading = "%nUse:%n",
        footer = {"scraper token create --role run --name ci --expires-in 90d --data /var/lib/scraper",
            "scraper token list --url http://127.0.0.1:8080",
            "scraper token delete ci --url http://127.0.0.1:8080"})
public final class TokenCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    /** For picocli. */
    public TokenCommand() {}

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(),
                "a command is missing; the commands are create, list and delete");
    }

    /** What a subcommand does with the tokens of its place. */
    @FunctionalInterface
    private interface Work {
        void with(TokenAccess tokens, Terminal terminal) throws RefusedTokenException;
    }

    private static int run(CommandSpec spec, TokenPlace place, boolean mayBeNew, Work work) {
        Terminal terminal = new Terminal(spec.commandLine().getErr());
        try (TokenAccess tokens = place.open(spec.commandLine(), mayBeNew)) {
            work.with(tokens, terminal);
            return ExitCode.FINISHED.value();
        } catch (RefusedTokenException e) {
            terminal.line("scraper: " + e.getMessage());
            return e.code().value();
        }
    }

    /** {@code scraper token create}. */
    @Command(name = "create", description = "Creates a token and prints it. It is shown only now.")
    static final class Create implements Callable<Integer> {

        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli, as the others
        private CommandSpec spec;

        @Mixin
        @SuppressWarnings("NullAway.Init")
        private TokenPlace place;

        @Option(names = "--name", required = true, paramLabel = "NAME",
                description = "Its name, by which it is listed, deleted, and found in the log of requests.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Option(names = "--role", required = true, paramLabel = "ROLE",
                description = "What it opens: ${COMPLETION-CANDIDATES}. Each opens what those before it open: the "
                        + "metrics, all that can be read, crawls to be run and deleted, and tokens.")
        @SuppressWarnings("NullAway.Init")
        private TokenRole role;

        @Option(names = "--expires-in", paramLabel = "DURATION",
                description = "How long it opens the service, as 90d; without it, and without --expires-at, for ever.")
        private @Nullable String expiresIn;

        @Option(names = "--expires-at", paramLabel = "TIME",
                description = "Until when it opens the service, as 2030-01-31T00:00:00Z.")
        private @Nullable String expiresAt;

        /** For picocli. */
        Create() {}

        @Override
        public Integer call() {
            return run(spec, place, true, (tokens, terminal) -> {
                String token =
                        tokens.create(name, role, Optional.ofNullable(expiresIn), Optional.ofNullable(expiresAt));
                spec.commandLine().getOut().println(CleanText.line(token));
                terminal.line("scraper: the token " + name + " (" + role + ") was created; it is not shown again");
            });
        }
    }

    /** {@code scraper token list}. */
    @Command(name = "list", description = "Lists the tokens: names, roles, and when they expire and were last used.")
    static final class Show implements Callable<Integer> {

        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli, as the other
        private CommandSpec spec;

        @Mixin
        @SuppressWarnings("NullAway.Init")
        private TokenPlace place;

        /** For picocli. */
        Show() {}

        @Override
        public Integer call() {
            return run(spec, place, false, (tokens, terminal) -> {
                List<List<String>> rows = tokens.list()
                        .stream()
                        .map(token -> List.of(token.name(), token.role(), token.createdAt(),
                                token.expired() ? "expired" : token.expiresAt().orElse("never"),
                                token.lastUsedAt().orElse("never")))
                        .toList();
                if (rows.isEmpty()) {
                    terminal.line("scraper: there is no token");
                } else {
                    new Table(List.of("name", "role", "created", "expires", "last used"), rows)
                            .lines(Integer.MAX_VALUE)
                            .forEach(spec.commandLine().getOut()::println);
                }
            });
        }
    }

    /** {@code scraper token delete}. */
    @Command(name = "delete",
            description = "Deletes a token. What it has opened ends: logins, and streams within seconds.")
    static final class Delete implements Callable<Integer> {

        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli, as the others
        private CommandSpec spec;

        @Mixin
        @SuppressWarnings("NullAway.Init")
        private TokenPlace place;

        @Parameters(index = "0", paramLabel = "NAME", description = "The name of the token.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        /** For picocli. */
        Delete() {}

        @Override
        public Integer call() {
            return run(spec, place, false, (tokens, terminal) -> {
                tokens.delete(name);
                terminal.line("scraper: the token " + name + " was deleted");
            });
        }
    }
}
