package fanout.app.cli;

import fanout.app.config.BadJobException;
import fanout.app.config.ServiceSettings;
import fanout.app.config.ServiceSettingsReader;
import fanout.app.demo.DemoShop;
import fanout.app.run.ExitCode;
import fanout.app.service.Service;
import fanout.app.service.access.ApiToken;
import fanout.app.store.DataCheck;
import fanout.app.store.DataFolder;
import fanout.app.store.OwnFiles;
import fanout.app.terminal.CleanText;
import fanout.app.terminal.FileProblem;
import fanout.app.terminal.Table;
import fanout.app.terminal.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Serial;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code scraper serve}. */
@Command(name = "serve", description = "Runs crawls as a service: HTTP API, dashboard and metrics.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:stopped gracefully; with --check: nothing is wrong", "1:internal error",
            "2:bad usage or configuration, or the address or the data folder is in use; with --check: no service can "
                    + "use the folder",
            "4:with --check: something is wrong, and a service can use the folder",
            "5:threads did not end in time when the service was stopped; the log names them",
            "130:a third signal ended the process at once"})
public final class ServeCommand implements Callable<Integer> {

    private static final int HIGHEST_PORT = 65_535;
    private static final String SET_A_TOKEN = "set SCRAPER_API_TOKEN, or tokenFile in the configuration, to what "
            + "openssl rand -hex 32 prints";
    private static final String CREATE_A_TOKEN = ", or create one by scraper token create --role admin --name NAME "
            + "--data ";
    private static final String FOLDER = "out/service";

    private final Consumer<ExitCode> halt;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--host", paramLabel = "ADDRESS", defaultValue = "127.0.0.1",
            description = "The address to listen on; default: ${DEFAULT-VALUE}. Any but loopback needs a token of at "
                    + "least 20 characters, in SCRAPER_API_TOKEN or the configuration's tokenFile, or one of the role "
                    + "admin in the data folder.")
    private String host = "127.0.0.1";

    @Option(names = "--port", paramLabel = "N", defaultValue = "8080",
            description = "The port; default: ${DEFAULT-VALUE}; 0: any free one.")
    private int port;

    @Option(names = "--data", paramLabel = "DIRECTORY", defaultValue = FOLDER,
            description = "Where crawls and their files are kept; default: ${DEFAULT-VALUE}. One service uses it at a "
                    + "time.")
    private Path data = Path.of(FOLDER);

    @Option(names = "--config", paramLabel = "FILE",
            description = "The configuration, in YAML or JSON; see scraper schema "
                    + "--service.")
    private @Nullable Path config;

    @Option(names = "--check", paramLabel = "DIRECTORY",
            description = "Starts nothing, and says what a data folder contains and what is wrong with it. Only reads, "
                    + "also while a service uses the folder.")
    private @Nullable Path check;

    @Option(names = "--demo", description = "Opens the demo shop, too, and begins with a crawl of it.")
    private boolean demo;

    /**
     * For picocli.
     *
     * @param halt ends the process at once
     */
    public ServeCommand(Consumer<ExitCode> halt) {
        this.halt = halt;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (check != null) {
            return check(check, spec.commandLine().getOut()).value();
        }
        Terminal terminal = new Terminal(spec.commandLine().getErr());
        if (port < 0 || port > HIGHEST_PORT) {
            throw new ParameterException(spec.commandLine(), "--port must be between 0 and 65535: " + port);
        }
        try {
            Optional<ServiceSettings> settings = settings(terminal);
            InetAddress address = InetAddress.getByName(host);
            if (settings.isEmpty()) {
                return ExitCode.BAD_USAGE.value();
            }
            Optional<ApiToken> token = token(settings.get().tokenFile());
            settings.get().tokenFile().ifPresent(file -> warnOfReaders(file, terminal));
            String guessed = "a token of fewer than " + ApiToken.SHORTEST + " characters can be guessed";
            if (token.filter(ApiToken::isShort).isPresent()) {
                if (!address.isLoopbackAddress()) {
                    terminal.line("scraper: --host " + host + " is not loopback, and " + guessed + "; " + SET_A_TOKEN);
                    return ExitCode.BAD_USAGE.value();
                }
                terminal.line("scraper: " + guessed + " by every program of this machine; " + SET_A_TOKEN);
            }
            if (token.isEmpty() && !address.isLoopbackAddress() && !Files.exists(data)) {
                return unguarded(terminal); // without a folder that nothing needs
            }
            return serve(settings.get(), new InetSocketAddress(address, port), token, terminal).value();
        } catch (UnknownHostException e) {
            terminal.line("scraper: there is no address " + host);
        } catch (Service.UnguardedException e) {
            return unguarded(terminal);
        } catch (NoTokenException | DataFolder.InUseException e) {
            terminal.line("scraper: " + e.getMessage());
        } catch (BindException e) {
            terminal.line("scraper: cannot listen on " + host + ":" + port + ": " + e.getMessage());
        } catch (IOException e) {
            terminal.line("scraper: cannot use " + data + ": " + FileProblem.reason(data, e));
        }
        return ExitCode.BAD_USAGE.value();
    }

    private int unguarded(Terminal terminal) {
        terminal.line("scraper: --host " + host + " is not loopback, and without a token everyone who reaches it could "
                + "use it; " + SET_A_TOKEN + CREATE_A_TOKEN + data);
        return ExitCode.BAD_USAGE.value();
    }

    /** Prints what a data folder contains and what is wrong with it; returns the exit code. */
    private static ExitCode check(Path data, PrintWriter out) {
        DataCheck.Result found = DataCheck.of(data);
        out.println(CleanText.line("data folder " + data));
        found.facts().forEach(fact -> out.println(CleanText.line("  " + fact)));
        out.println();
        if (found.problems().isEmpty()) {
            out.println("nothing is wrong");
            return ExitCode.FINISHED;
        }
        List<List<String>> rows = found.problems()
                .stream()
                .map(problem -> List.of(problem.where(), problem.what(), problem.cure()))
                .toList();
        new Table(List.of("where", "what is wrong", "what helps"), rows).lines(Integer.MAX_VALUE).forEach(out::println);
        if (found.isUsable()) {
            return ExitCode.NO_RESULTS;
        }
        out.println();
        out.println("no service can use this folder");
        return ExitCode.BAD_USAGE;
    }

    private Optional<ServiceSettings> settings(Terminal terminal) {
        if (config == null) {
            return Optional.of(ServiceSettingsReader.standard());
        }
        try {
            return Optional.of(
                    ServiceSettingsReader.read(config.toString(), Files.readAllBytes(config), System.getenv()));
        } catch (BadJobException e) {
            e.problems().forEach(terminal::line);
        } catch (IOException e) {
            terminal.line("scraper: cannot read " + config + ": " + FileProblem.reason(config, e));
        }
        return Optional.empty();
    }

    private static Optional<ApiToken> token(Optional<Path> file) throws NoTokenException {
        try {
            return ApiToken.find(System.getenv(), file);
        } catch (IOException e) {
            throw new NoTokenException(file.orElseThrow(), e);
        }
    }

    private static void warnOfReaders(Path tokenFile, Terminal terminal) {
        try {
            if (OwnFiles.isOpenToAll(tokenFile.toRealPath())) {
                terminal.line("scraper: every user of this machine may read the token in " + tokenFile
                        + "; chmod 600 " + tokenFile);
            }
        } catch (IOException e) {
            // the token was read, or SCRAPER_API_TOKEN counts
        }
    }

    /** The file of the token cannot be used. */
    private static final class NoTokenException extends Exception {

        @Serial
        private static final long serialVersionUID = 1;

        private NoTokenException(Path file, IOException cause) {
            super("cannot use tokenFile " + file + ": " + FileProblem.reason(file, cause), cause);
        }
    }

    private ExitCode serve(ServiceSettings settings, InetSocketAddress address, Optional<ApiToken> token,
            Terminal terminal) throws IOException, InterruptedException {
        ServiceRun run = new ServiceRun(host, data, token, terminal, halt);
        if (!demo) {
            return run.run(settings, address);
        }
        try (DemoShop shop = DemoShop.open(0)) {
            terminal.line("scraper: the demo shop is open at " + shop.origin() + "/");
            return run.runWithShop(settings, address, shop);
        }
    }
}
