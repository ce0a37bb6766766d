package fanout.app.cli;

import fanout.app.config.BadJobException;
import fanout.app.config.JobFile;
import fanout.app.config.JobFileReader;
import fanout.app.config.JobOverrides;
import fanout.app.config.Output;
import fanout.app.config.Outputs;
import fanout.app.terminal.FileProblem;
import fanout.app.terminal.Terminal;
import fanout.app.terminal.Userinfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A job on the command line, and what {@code --set} changes in it; for several commands. */
final class JobArguments {

    @Parameters(index = "0", paramLabel = "JOB.yaml", description = "The job, in YAML or JSON; - is standard input.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path path;

    @Option(names = "--set", paramLabel = "KEY.PATH=VALUE",
            description = "Sets a key of the job; wins over the file. May be repeated. Example: --set limits.maxPages=10")
    private List<String> sets = new ArrayList<>();

    /**
     * The job; empty if it is not valid or cannot be read, and then the terminal has the reasons.
     *
     * @param files the outputs that the command line names, which win over the job's
     */
    Optional<JobFile> read(Map<String, String> files, Terminal terminal) {
        JobOverrides overrides = new JobOverrides(sets, files);
        try {
            JobFile job = read(overrides);
            if (wouldReplaceTheJob(job.outputs())) {
                terminal.line(path + ": the job's own file cannot be an output; give the output another name");
                return Optional.empty();
            }
            return Optional.of(job);
        } catch (BadJobException e) {
            e.problems().forEach(terminal::line);
        } catch (NoSuchFileException e) {
            terminal.line("scraper: there is no file " + Userinfo.hiddenIn(path.toString()));
        } catch (IOException e) {
            terminal.line("scraper: cannot read " + path + ": " + FileProblem.reason(path, e));
        }
        return Optional.empty();
    }

    private boolean wouldReplaceTheJob(Outputs outputs) throws IOException {
        for (Output output : List.of(outputs.pages(), outputs.items(), outputs.report())) {
            boolean isFile = !output.isStandardOutput() && Files.exists(output.path()) && Files.exists(path);
            if (isFile && Files.isSameFile(output.path(), path)) {
                return true;
            }
        }
        return false;
    }

    private JobFile read(JobOverrides overrides) throws IOException, BadJobException {
        if (path.toString().equals("-")) {
            return JobFileReader.read("stdin", System.in, overrides, System.getenv());
        }
        try (InputStream content = Files.newInputStream(path)) {
            return JobFileReader.read(path.toString(), content, overrides, System.getenv());
        }
    }
}
