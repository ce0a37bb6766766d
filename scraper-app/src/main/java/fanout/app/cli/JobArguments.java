package fanout.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.config.BadJobException;
import fanout.app.config.JobFile;
import fanout.app.config.JobFileReader;
import fanout.app.config.JobOverrides;
import fanout.app.config.Output;
import fanout.app.config.Outputs;
import fanout.app.terminal.FileProblem;
import fanout.app.terminal.Terminal;
import fanout.app.terminal.Userinfo;
import fanout.url.CanonicalUrl;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A job on the command line, and what {@code --set} changes in it; for several commands. */
final class JobArguments {

    private static final Pattern URL = Pattern.compile("(?i)https?:.*");
    private static final Pattern SITE = Pattern.compile("(?i)([a-z0-9-]+\\.)+[a-z0-9-]+(:[0-9]+)?(/.*)?");
    private static final Pattern JOB_FILE = Pattern.compile("(?i)\\.(ya?ml|json)$");
    private static final Pattern PLACE = Pattern.compile(":[0-9]+:[0-9]+: ");
    private static final Pattern NO_NAME = Pattern.compile("[^A-Za-z0-9_-]+");
    private static final int LONGEST_NAME = 100;

    @Parameters(index = "0", paramLabel = "JOB.yaml|URL",
            description = "The job, in YAML or JSON; - is standard input; a URL is a job of that start URL and "
                    + "nothing else.")
    @SuppressWarnings("NullAway.Init") // set by picocli, which completes the names of files for a path
    private Path path;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    @Option(names = "--set", paramLabel = "KEY.PATH=VALUE",
            description = "Sets a key of the job; wins over the file. May be repeated. Example: --set "
                    + "limits.maxPages=10")
    private List<String> sets = new ArrayList<>();

    /**
     * The job; empty if it is not valid or cannot be read, and then the terminal has the reasons.
     *
     * @param files the outputs that the command line names, which win over the job's
     */
    Optional<JobFile> read(Map<String, String> files, Terminal terminal) {
        String job = word();
        if (URL.matcher(job).matches() && CanonicalUrl.parse(job).isEmpty()) {
            terminal.line("scraper: " + Userinfo.hiddenIn(job)
                    + " must be an absolute http or https URL without user name and password");
            return Optional.empty();
        }
        JobOverrides overrides = new JobOverrides(sets, files);
        try {
            JobFile read = read(job, overrides);
            if (wouldReplaceTheJob(job, read.outputs())) {
                terminal.line(job + ": the job's own file cannot be an output; give the output another name");
                return Optional.empty();
            }
            read.warnings().forEach(warning -> terminal.line("warning: " + placed(job, warning)));
            return Optional.of(read);
        } catch (BadJobException e) {
            e.problems().forEach(problem -> terminal.line(placed(job, problem)));
        } catch (NoSuchFileException e) {
            String shown = Userinfo.hiddenIn(job);
            terminal.line("scraper: there is no file " + shown
                    + (isSite(job) ? "; to crawl a site, write its URL, as in https://" + shown : ""));
        } catch (IOException e) {
            terminal.line("scraper: cannot read " + job + ": " + FileProblem.reason(path, e));
        }
        return Optional.empty();
    }

    /** Returns a problem without the line and column of a document that the user did not write: the job of a URL. */
    private static String placed(String job, String problem) {
        String document = Userinfo.hiddenIn(job);
        Matcher place = PLACE.matcher(problem);
        boolean isOfUrl = URL.matcher(job).matches() && problem.startsWith(document)
                && place.region(document.length(), problem.length()).lookingAt();
        return isOfUrl ? document + ": " + problem.substring(place.end()) : problem;
    }

    /** Returns whether this looks like the address of a site whose scheme was left out. */
    private static boolean isSite(String job) {
        return SITE.matcher(job).matches() && !JOB_FILE.matcher(job).find();
    }

    /** The argument as it was given: a path has one slash where a URL has two. */
    String word() {
        return command.commandLine().getParseResult().matchedPositional(0).originalStringValues().getFirst();
    }

    private boolean wouldReplaceTheJob(String job, Outputs outputs) throws IOException {
        if (URL.matcher(job).matches()) {
            return false;
        }
        List<Path> written = new ArrayList<>(outputs.journal().stream().toList());
        outputs.files()
                .values()
                .stream()
                .filter(output -> !output.isStandardOutput())
                .map(Output.File::path)
                .forEach(written::add);
        for (Path output : written) {
            if (Files.exists(output) && Files.exists(path) && Files.isSameFile(output, path)) {
                return true;
            }
        }
        return false;
    }

    private JobFile read(String job, JobOverrides overrides) throws IOException, BadJobException {
        if (job.equals("-")) {
            return JobFileReader.read("stdin", System.in, overrides, System.getenv());
        }
        if (URL.matcher(job).matches()) {
            InputStream content = new ByteArrayInputStream(jobOf(job).getBytes(UTF_8));
            return JobFileReader.read(Userinfo.hiddenIn(job), content, overrides, System.getenv());
        }
        return JobFileReader.read(Userinfo.hiddenIn(job), path, overrides, System.getenv());
    }

    /**
     * Returns the host, and the port unless the scheme implies it: two sites on one machine do not share their outputs.
     */
    private static String authority(CanonicalUrl url) {
        return url.origin().substring(url.scheme().length() + "://".length());
    }

    /** A job of one start URL, named after its host, and after a port that the scheme does not imply. */
    private static String jobOf(String url) {
        String host = CanonicalUrl.parse(url).map(JobArguments::authority).orElse("crawl");
        String name = NO_NAME.matcher(host).replaceAll("-");
        return "{\"name\": \"" + name.substring(Math.max(0, name.length() - LONGEST_NAME)) + "\", \"startUrls\": [\""
                + url.replace("\\", "\\\\").replace("\"", "\\\"").replace("${", "$${") + "\"]}";
    }
}
