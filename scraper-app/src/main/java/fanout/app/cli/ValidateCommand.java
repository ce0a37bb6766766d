package fanout.app.cli;

import fanout.app.config.JobFile;
import fanout.app.run.ExitCode;
import fanout.app.terminal.CleanText;
import fanout.app.terminal.Terminal;
import fanout.job.CrawlJob;
import fanout.job.Expectations;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code scraper validate}. Problems go to standard error, as those of {@code scraper crawl} do. */
@Command(name = "validate",
        description = "Checks a job and reports all problems at once, with their lines. Fetches and looks up nothing.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the job is valid", "1:internal error", "2:bad usage or bad job",
            "4:standard output could not be written"})
public final class ValidateCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private JobArguments arguments = new JobArguments();

    /** For picocli. */
    public ValidateCommand() {}

    @Override
    public Integer call() {
        Optional<JobFile> file = arguments.read(Map.of(), new Terminal(spec.commandLine().getErr()));
        if (file.isEmpty()) {
            return ExitCode.BAD_USAGE.value();
        }
        CrawlJob valid = file.get().job();
        String source = arguments.word();
        PrintWriter out = spec.commandLine().getOut();
        out.println(CleanText.line((source.equals("-") ? "stdin" : source) + ": the job " + valid.name() + " is valid: "
                + starts(valid) + ", at most " + valid.limits().maxPages() + " pages"
                + expected(valid.expectations())));
        return ExitCode.FINISHED.value();
    }

    private static String expected(Expectations all) {
        int number = (int) Stream.of(all.minPages().isPresent(), all.minItems().isPresent(),
                all.maxChangePercent().isPresent()).filter(isGiven -> isGiven).count() + all.filled().size();
        return counted(number, "expectation").map(", "::concat).orElse("");
    }

    private static String starts(CrawlJob job) {
        return Stream
                .of(counted(job.start().urls().size(), "start URL"), counted(job.start().sitemaps().size(), "sitemap"))
                .flatMap(Optional::stream)
                .collect(Collectors.joining(" and "));
    }

    private static Optional<String> counted(int number, String word) {
        return number == 0 ? Optional.empty() : Optional.of(number + " " + word + (number == 1 ? "" : "s"));
    }
}
