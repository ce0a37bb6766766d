package fanout.app.cli;

import fanout.app.config.JobFile;
import fanout.app.config.JobOverrides;
import fanout.app.demo.DemoJob;
import fanout.app.demo.DemoShop;
import fanout.app.demo.DemoTables;
import fanout.app.progress.ProgressMode;
import fanout.app.run.ExitCode;
import fanout.app.run.JobRun;
import fanout.app.run.RunEnd;
import fanout.app.run.Summary;
import fanout.app.signal.Signals;
import fanout.app.terminal.CleanText;
import fanout.app.terminal.FileProblem;
import fanout.app.terminal.Terminal;
import fanout.app.terminal.Tty;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
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
            "2:bad usage, or the port is in use", "3:maxDuration was reached",
            "4:an output could not be written, or no page was ok", "5:the leak check failed", "130:interrupted"})
public final class DemoCommand implements Callable<Integer> {

    private static final String FOLDER = "out/demo";
    private static final Path USUAL = Path.of(FOLDER);
    private static final int HIGHEST_PORT = 65_535;

    private final Runnable halt;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--port", paramLabel = "N", defaultValue = "0",
            description = "The shop's port on 127.0.0.1; without it, a free one.")
    private int port;

    @Option(names = "--serve", description = "Keeps the shop open after the crawl, until Ctrl-C.")
    private boolean serve;

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
    public DemoCommand(Runnable halt) {
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
            ExitCode code = crawl(shop, terminal);
            if (serve && code != ExitCode.INTERRUPTED) {
                stayOpen(shop, terminal);
            }
            return code.value();
        }
    }

    private ExitCode crawl(DemoShop shop, Terminal terminal) throws IOException {
        Path job = folder.resolve("job.yaml");
        try {
            Files.createDirectories(folder);
            Files.writeString(job, DemoJob.text(shop));
        } catch (IOException e) {
            terminal.line("scraper: cannot write " + job + ": " + FileProblem.reason(job, e));
            return ExitCode.NO_RESULTS;
        }
        JobFile file = DemoJob.read(shop, new JobOverrides(List.of(), Map.of("pages", place("pages.jsonl"), "items",
                place("items.jsonl"), "report", place("report.json"))));
        if (progress.mode() != ProgressMode.NONE) {
            terminal.line("crawling the demo shop at " + shop.origin() + "/");
        }
        return new JobRun(file, progress.mode(), terminal, halt, end -> show(end, file, job, terminal))
                .run(OptionalInt.empty());
    }

    private String place(String name) {
        return folder.resolve(name).toString();
    }

    private void show(RunEnd end, JobFile file, Path job, Terminal terminal) {
        int width = Tty.outputWidth();
        print(Summary.table(end.report(), width));
        Path items = file.outputs().items().path();
        try {
            print(DemoTables.items(items, end.report().items().extracted(), width));
        } catch (IOException e) {
            terminal.line("scraper: cannot read " + items + ": " + FileProblem.reason(items, e));
        }
        print(DemoTables.files(file.outputs(), job, end.reportWritten()));
        Optional<Path> elsewhere = Optional.of(folder).filter(path -> !path.equals(USUAL));
        print(DemoTables.next(System.getProperty("scraper.command", "scraper"), job, elsewhere, serve));
    }

    private void print(List<String> lines) {
        PrintWriter out = spec.commandLine().getOut();
        lines.forEach(line -> out.println(CleanText.line(line)));
        out.println();
        out.flush();
    }

    /** Waits for a signal. */
    private static void stayOpen(DemoShop shop, Terminal terminal) throws InterruptedException {
        CountDownLatch enough = new CountDownLatch(1);
        try (Signals _ = Signals.answer(enough::countDown)) {
            terminal.line("the shop stays open at " + shop.origin() + "/ until Ctrl-C");
            enough.await();
        }
    }
}
