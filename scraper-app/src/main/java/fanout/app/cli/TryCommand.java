package fanout.app.cli;

import fanout.app.config.JobFile;
import fanout.app.config.UrlProblem;
import fanout.app.run.ExitCode;
import fanout.app.terminal.CleanText;
import fanout.app.terminal.Terminal;
import fanout.app.trial.Trial;
import fanout.app.trial.TrialRows;
import fanout.app.trial.TrialText;
import fanout.job.CrawlJob;
import fanout.page.Request;
import fanout.report.CrawlFailure;
import fanout.url.CanonicalUrl;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
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

/** {@code scraper try}. What it finds goes to standard output; no file is written. */
@Command(name = "try", abbreviateSynopsis = true,
        description = {"Fetches one page under a job's rules and shows what comes of it.",
            "That is the line that a crawl would write, the items, the links, and why each dropped link was dropped. "
                    + "No files are written."},
        exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:the page was fetched", "1:internal error",
            "2:bad usage, bad job or bad URL", "3:maxDuration was reached",
            "4:the page was not fetched, or standard output could not be written",
            "5:the leak check failed", "130:interrupted"})
public final class TryCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli, as the parameters
    private CommandSpec spec;

    @Mixin
    private JobArguments arguments = new JobArguments();

    @Parameters(index = "1", paramLabel = "URL",
            description = "The page. A start URL of the job is asked for as the job says, with its method and body.")
    @SuppressWarnings("NullAway.Init")
    private String url;

    @Option(names = "--label", paramLabel = "LABEL",
            description = "The label by which the job's rules know the page; without it, that of the same start URL, "
                    + "or none.")
    private @Nullable String label;

    @Option(names = "--json", description = "Writes one JSON object: lines, items, places, links, follow, notes.")
    private boolean json;

    /** For picocli. */
    public TryCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Terminal terminal = new Terminal(spec.commandLine().getErr());
        CanonicalUrl page = CanonicalUrl.parse(url)
                .orElseThrow(() -> new ParameterException(spec.commandLine(), UrlProblem.of("URL", url)));
        Optional<JobFile> file = arguments.read(Map.of(), terminal);
        if (file.isEmpty()) {
            return ExitCode.BAD_USAGE.value();
        }
        CrawlJob valid = file.get().job();
        if (page.length() > valid.limits().maxUrlLength()) {
            throw new ParameterException(spec.commandLine(), "the URL is longer than the job's limits.maxUrlLength");
        }
        Trial trial = Trial.run(valid, request(page, valid));
        PrintWriter out = spec.commandLine().getOut();
        TrialRows rows = TrialRows.of(trial.outcomes());
        if (json) {
            out.println(rows.json(trial));
        } else {
            TrialText.lines(trial, rows).forEach(line -> out.println(CleanText.line(line)));
        }
        trial.report().failure().ifPresent(failure -> {
            if (failure.kind() == CrawlFailure.Kind.LOGIN) {
                terminal.line("scraper: " + failure.message());
            } else {
                terminal.internalError(failure.cause());
            }
        });
        return ExitCode.of(trial.report(), valid.limits()).value();
    }

    /** Returns the start request of this URL, if there is one, with the label that the option gives. */
    private Request request(CanonicalUrl page, CrawlJob valid) {
        Request start = valid.start()
                .urls()
                .stream()
                .filter(request -> request.url().equals(page))
                .findFirst()
                .orElseGet(() -> Request.start(page, Optional.empty()));
        return Request.start(page, Optional.ofNullable(label).or(start::label)).with(start.details());
    }
}
