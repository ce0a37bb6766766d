package fanout.app.cli;

import fanout.app.config.JobFile;
import fanout.app.progress.ProgressMode;
import fanout.app.run.ExitCode;
import fanout.app.run.JobRun;
import fanout.app.terminal.Terminal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code scraper crawl}. */
@Command(name = "crawl", abbreviateSynopsis = true, description = "Runs one job to its end in this process.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:finished", "1:internal error", "2:bad usage or bad job", "3:maxDuration was reached",
            "4:an output could not be written, no page was ok, or more than maxFailedPercent failed",
            "5:the leak check failed", "6:an expectation does not hold", "130:interrupted"})
public final class CrawlCommand implements Callable<Integer> {

    private final Runnable halt;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli, as the parameters
    private CommandSpec spec;

    @Mixin
    private JobArguments arguments = new JobArguments();

    @Option(names = "--pages", paramLabel = "FILE", description = "Where pages are written; - is standard output.")
    private @Nullable Path pages;

    @Option(names = "--items", paramLabel = "FILE", description = "Where items are written; - is standard output.")
    private @Nullable Path items;

    @Option(names = "--report", paramLabel = "FILE", description = "Where the report is written; - is standard output.")
    private @Nullable Path report;

    @Mixin
    private ProgressOption progress = new ProgressOption();

    @Option(names = "--resume",
            description = "Resumes a crawl that did not reach its end, from its journal and its files. If there is no "
                    + "journal, the crawl starts from the beginning.")
    private boolean resume;

    @Option(names = "--quiet", description = "Shows no progress, and the summary at the end; for cron.")
    private boolean quiet;

    @Option(names = "--metrics-port", paramLabel = "N",
            description = "Serves Prometheus metrics at /metrics on this loopback port while crawling.")
    private @Nullable Integer metricsPort;

    /**
     * For picocli.
     *
     * @param halt ends the process at once
     */
    public CrawlCommand(Runnable halt) {
        this.halt = halt;
    }

    @Override
    public Integer call() {
        Terminal terminal = new Terminal(spec.commandLine().getErr());
        if (metricsPort != null && (metricsPort < 0 || metricsPort > 65_535)) {
            throw new ParameterException(spec.commandLine(),
                    "--metrics-port must be between 0 and 65535: " + metricsPort);
        }
        Optional<JobFile> file = arguments.read(files(), terminal);
        if (file.isEmpty()) {
            return ExitCode.BAD_USAGE.value();
        }
        OptionalInt port = metricsPort == null ? OptionalInt.empty() : OptionalInt.of(metricsPort);
        boolean summarized = quiet || progress.mode() != ProgressMode.NONE;
        ProgressMode shown = quiet ? ProgressMode.NONE : progress.mode();
        JobRun.Resumption resumption =
                new JobRun.Resumption(resume, spec.root().commandLine().getParseResult().originalArgs());
        return new JobRun(file.get(), shown, summarized, terminal, halt, resumption).run(port).value();
    }

    private Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        put(files, "pages", pages);
        put(files, "items", items);
        put(files, "report", report);
        return files;
    }

    private static void put(Map<String, String> files, String name, @Nullable Path path) {
        if (path != null) {
            files.put(name, path.toString());
        }
    }
}
