package fanout.app.cli;

import fanout.app.config.JobFile;
import fanout.app.config.JobOverrides;
import fanout.app.config.Outputs;
import fanout.app.config.ServiceSettingsReader;
import fanout.app.demo.DemoJob;
import fanout.app.demo.DemoShop;
import fanout.app.demo.DemoTables;
import fanout.app.progress.ProgressMode;
import fanout.app.run.ExitCode;
import fanout.app.run.JobRun;
import fanout.app.run.Summary;
import fanout.app.service.access.ApiToken;
import fanout.app.signal.Signals;
import fanout.app.store.DataFolder;
import fanout.app.terminal.CleanText;
import fanout.app.terminal.FileProblem;
import fanout.app.terminal.Terminal;
import fanout.app.terminal.Tty;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code scraper demo}. Its tables go to standard output, its progress to standard error. */
@Command(name = "demo", description = "Crawls a small shop that it serves itself.",
        exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
            "0:finished", "1:internal error",
            "2:bad usage, or the port or the data folder is in use", "3:maxDuration was reached",
            "4:an output could not be written, or no page was ok", "5:the leak check failed", "130:interrupted"})
public final class DemoCommand implements Callable<Integer> {

    private static final String FOLDER = "out/demo";
    private static final Path USUAL = Path.of(FOLDER);
    private static final int HIGHEST_PORT = 65_535;
    /** As that of serve. */
    private static final int USUAL_PORT = 8080;

    private final Consumer<ExitCode> halt;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--port", paramLabel = "N", defaultValue = "0",
            description = "The shop's port on 127.0.0.1; without it, a free one.")
    private int port;

    @Option(names = "--serve",
            description = "In place of one crawl, runs the service with its dashboard, on port 8080 or, if that is "
                    + "in use, a free one, with a crawl of the shop, until Ctrl-C.")
    private boolean serve;

    @Option(names = "--shop", description = "Only opens the shop, until Ctrl-C.")
    private boolean shopOnly;

    @Option(names = "--output", paramLabel = "DIRECTORY", defaultValue = FOLDER,
            description = "Where the files are written; default: ${DEFAULT-VALUE}.")
    private Path folder = USUAL;

    @Mixin
    private ProgressOption progress = new ProgressOption();

    /**
     * For picocli.
     *
     * @param halt ends the process at once
     */
    public DemoCommand(Consumer<ExitCode> halt) {
        this.halt = halt;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Terminal terminal = new Terminal(spec.commandLine().getErr());
        if (port < 0 || port > HIGHEST_PORT) {
            throw new ParameterException(spec.commandLine(), "--port must be between 0 and 65535: " + port);
        }
        DemoShop open;
        try {
            open = DemoShop.open(port);
        } catch (IOException e) {
            terminal.line("scraper: cannot open the shop on 127.0.0.1:" + port + ": " + e.getMessage());
            return ExitCode.BAD_USAGE.value();
        }
        try (DemoShop shop = open) {
            Path job = folder.resolve("job.yaml");
            try {
                Files.createDirectories(folder);
                Files.writeString(job, DemoJob.text(shop));
            } catch (IOException e) {
                terminal.line("scraper: cannot write " + job + ": " + FileProblem.reason(job, e));
                return ExitCode.NO_RESULTS.value();
            }
            if (shopOnly) {
                return stayOpen(shop, terminal).value();
            }
            return (serve ? serve(shop, terminal) : crawl(shop, job, terminal)).value();
        }
    }

    private ExitCode serve(DemoShop shop, Terminal terminal) throws InterruptedException {
        terminal.line("scraper: the demo shop is open at " + shop.origin() + "/");
        Path data = folder.resolve("service");
        InetAddress here = InetAddress.getLoopbackAddress();
        try {
            ServiceRun run = new ServiceRun(here.getHostAddress(), data,
                    ApiToken.find(System.getenv(), Optional.empty()), terminal, halt);
            try {
                return run.runWithShop(ServiceSettingsReader.standard(), new InetSocketAddress(here, USUAL_PORT), shop);
            } catch (BindException e) {
                return run.runWithShop(ServiceSettingsReader.standard(), new InetSocketAddress(here, 0), shop);
            }
        } catch (DataFolder.InUseException e) {
            terminal.line("scraper: " + e.getMessage());
        } catch (IOException e) {
            terminal.line("scraper: cannot use " + data + ": " + FileProblem.reason(data, e));
        }
        return ExitCode.BAD_USAGE;
    }

    private ExitCode crawl(DemoShop shop, Path job, Terminal terminal) throws IOException {
        JobFile file = DemoJob.read(shop, new JobOverrides(List.of(), Map.of("pages", place("pages.jsonl"), "items",
                place("items.jsonl"), "report", place("report.json"))));
        if (progress.mode() != ProgressMode.NONE) {
            terminal.line("crawling the demo shop at " + shop.origin() + "/");
        }
        return new JobRun(file, progress.mode(), terminal, () -> halt.accept(ExitCode.INTERRUPTED),
                end -> show(end, file, job, terminal))
                .run(OptionalInt.empty());
    }

    private String place(String name) {
        return folder.resolve(name).toString();
    }

    private void show(Summary end, JobFile file, Path job, Terminal terminal) {
        int width = Tty.outputWidth();
        print(Summary.table(end.report(), width));
        Path items = Outputs.firstFile(file.outputs().items()).orElseThrow().path();
        try {
            // An excerpt, to be looked at: in a file, too, no wider than a usual terminal.
            int excerpt = width == Integer.MAX_VALUE ? Tty.USUAL : width;
            print(DemoTables.items(items, end.report().items().extracted(), excerpt));
        } catch (IOException e) {
            terminal.line("scraper: cannot read " + items + ": " + FileProblem.reason(items, e));
        }
        print(DemoTables.files(file.outputs(), job, end.reportWritten()));
        Optional<Path> elsewhere = Optional.of(folder).filter(path -> !path.equals(USUAL));
        print(DemoTables.next(System.getProperty("scraper.command", "scraper"), job, elsewhere));
    }

    private void print(List<String> lines) {
        PrintWriter out = spec.commandLine().getOut();
        lines.forEach(line -> out.println(CleanText.line(line)));
        out.println();
    }

    /** Waits for a signal. */
    private static ExitCode stayOpen(DemoShop shop, Terminal terminal) throws InterruptedException {
        CountDownLatch enough = new CountDownLatch(1);
        try (Signals _ = Signals.answer(enough::countDown)) {
            terminal.line("the shop is open at " + shop.origin() + "/ until Ctrl-C");
            enough.await();
        }
        return ExitCode.FINISHED;
    }
}
