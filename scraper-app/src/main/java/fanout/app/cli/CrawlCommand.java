package fanout.app.cli;

import fanout.app.config.BadJobException;
import fanout.app.config.JobFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code scraper crawl}. */
@Command(name = "crawl", description = "Runs one job to its end in this process.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:finished", "1:internal error", "2:bad usage or bad job", "3:maxDuration was reached",
            "4:a sink failed, or nothing was fetched", "5:the leak check failed", "130:interrupted"})
public final class CrawlCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli, as the parameters
    private CommandSpec spec;

    @Parameters(paramLabel = "JOB.yaml", description = "The job, in YAML or JSON; - is standard input.")
    @SuppressWarnings("NullAway.Init")
    private String job;

    @Option(names = "--set", paramLabel = "KEY.PATH=VALUE", description = "Sets a key of the job; wins over the file.")
    private List<String> sets = new ArrayList<>();

    @Option(names = "--pages", paramLabel = "FILE", description = "Where pages are written; - is standard output.")
    private @Nullable String pages;

    @Option(names = "--items", paramLabel = "FILE", description = "Where items are written; - is standard output.")
    private @Nullable String items;

    @Option(names = "--report", paramLabel = "FILE", description = "Where the report is written; - is standard output.")
    private @Nullable String report;

    @Option(names = "--progress", paramLabel = "auto|bar|plain|none", defaultValue = "auto",
            description = "How progress is shown on standard error: auto, bar and plain write a line every 5 seconds, "
                    + "none writes nothing.")
    private ProgressMode progress = ProgressMode.AUTO;

    @Option(names = "--metrics-port", paramLabel = "N",
            description = "Serves Prometheus metrics at /metrics on this loopback port while crawling.")
    private @Nullable Integer metricsPort;

    /** Picocli makes it. */
    public CrawlCommand() {}

    @Override
    public Integer call() {
        Terminal terminal = new Terminal(spec.commandLine().getErr());
        if (metricsPort != null && (metricsPort < 0 || metricsPort > 65_535)) {
            throw new ParameterException(spec.commandLine(),
                    "--metrics-port must be between 0 and 65535: " + metricsPort);
        }
        try {
            JobFile file = read();
            OptionalInt port = metricsPort == null ? OptionalInt.empty() : OptionalInt.of(metricsPort);
            return new JobRun(file, progress, terminal).run(port).value();
        } catch (BadJobException e) {
            e.problems().forEach(terminal::line);
        } catch (NoSuchFileException e) {
            terminal.line("scraper: there is no file " + job);
        } catch (IOException e) {
            terminal.line("scraper: cannot read " + job + ": " + e.getMessage());
        }
        return ExitCode.BAD_USAGE.value();
    }

    private JobFile read() throws IOException, BadJobException {
        Map<String, String> files = new LinkedHashMap<>();
        put(files, "pages", pages);
        put(files, "items", items);
        put(files, "report", report);
        JobFile.Options options = new JobFile.Options(sets, files);
        if (job.equals("-")) {
            return JobFile.read("stdin", System.in, options, System.getenv());
        }
        try (InputStream content = Files.newInputStream(Path.of(job))) {
            return JobFile.read(job, content, options, System.getenv());
        }
    }

    private static void put(Map<String, String> files, String name, @Nullable String path) {
        if (path != null) {
            files.put(name, path);
        }
    }
}
