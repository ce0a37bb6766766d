package fanout.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.reportpage.ReportPage;
import fanout.app.reportpage.RunFiles;
import fanout.app.reportpage.UnreadableRunException;
import fanout.app.run.ExitCode;
import fanout.app.terminal.CleanText;
import fanout.app.terminal.FileProblem;
import fanout.app.terminal.Terminal;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code scraper report}. Reads the outputs of a run and changes none of them. */
@Command(name = "report", abbreviateSynopsis = true,
        description = {"Shows what a run wrote as one HTML page, which needs no net.",
            "Broken links with the pages that have them, redirects, duplicates, slow pages, fields of items, and what "
                    + "has changed since the run before."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the page was written", "1:internal error", "2:bad usage, or the run cannot be read",
            "4:the page could not be written"})
public final class ReportCommand implements Callable<Integer> {

    private static final int MOST_ROWS = 100_000;
    /** The part of the heap that tables of URLs may take; a table that grows is there twice for a moment. */
    private static final double SHARE_OF_HEAP = 0.6;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli, as the parameters
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "OUT_FOLDER", description = "The folder that a crawl wrote into.")
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE",
            description = "Where the page is written; - is standard output; without it, report.html in the folder.")
    private @Nullable Path output;

    @Option(names = "--pages", paramLabel = "NAME",
            description = "The name of the file in the folder that has the pages, if it is not pages.jsonl, pages.csv, "
                    + "or one of these with .gz or .zst.")
    private @Nullable String pages;

    @Option(names = "--items", paramLabel = "NAME", description = "The same for the items.")
    private @Nullable String items;

    @Option(names = "--links", paramLabel = "NAME", description = "The same for the links.")
    private @Nullable String links;

    @Option(names = "--report", paramLabel = "NAME", description = "The same for the report, if not report.json.")
    private @Nullable String report;

    @Option(names = "--before", paramLabel = "FOLDER",
            description = "The folder of the run to compare with; without it, the newest in previous/ of the folder.")
    private @Nullable Path before;

    @Option(names = "--rows", paramLabel = "N", defaultValue = "" + ReportPage.ROWS,
            description = "How many rows a table has at most; ${DEFAULT-VALUE} if not said.")
    private int rows;

    /** For picocli. */
    public ReportCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        if (rows < 1 || rows > MOST_ROWS) {
            throw new ParameterException(spec.commandLine(), "--rows must be from 1 to " + MOST_ROWS);
        }
        Terminal terminal = new Terminal(spec.commandLine().getErr());
        ReportPage page;
        try {
            page = page();
        } catch (UnreadableRunException e) {
            terminal.line("scraper: " + e.getMessage());
            return ExitCode.BAD_USAGE.value();
        }
        page.notes().forEach(note -> terminal.line("warning: " + note));
        Path target = output == null ? folder.resolve("report.html") : output;
        PrintWriter out = spec.commandLine().getOut();
        try {
            if (target.toString().equals("-")) {
                page.writeTo(out);
                out.flush();
            } else {
                write(page, target);
                out.println(CleanText.line(target + ": " + page.summary()));
            }
        } catch (IOException e) {
            terminal.line("scraper: cannot write " + target + ": " + FileProblem.reason(target, e));
            return ExitCode.NO_RESULTS.value();
        }
        return ExitCode.FINISHED.value();
    }

    private ReportPage page() throws UnreadableRunException, InterruptedException {
        RunFiles.Names names = new RunFiles.Names(Optional.ofNullable(pages), Optional.ofNullable(items),
                Optional.ofNullable(links), Optional.ofNullable(report));
        RunFiles files = RunFiles.in(folder, names);
        Optional<RunFiles> other = before == null ? files.before(names) : Optional.of(RunFiles.in(before, names));
        long bytes = (long) (SHARE_OF_HEAP * Runtime.getRuntime().maxMemory());
        return ReportPage.of(files, other, new ReportPage.Options(files.name(), rows, bytes, Instant.now()));
    }

    /** A reader sees the old page or the new one, each of them whole; a pipe or a device is written as it is. */
    private static void write(ReportPage page, Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "is a directory");
        }
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            try (BufferedWriter out = Files.newBufferedWriter(target, UTF_8)) {
                page.writeTo(out);
            }
            return;
        }
        Path temporary = target.resolveSibling("." + target.getFileName() + ".part");
        try {
            try (BufferedWriter out = Files.newBufferedWriter(temporary, UTF_8)) {
                page.writeTo(out);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
