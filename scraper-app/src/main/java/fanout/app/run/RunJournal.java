package fanout.app.run;

import fanout.app.config.Output;
import fanout.app.config.Outputs;
import fanout.app.terminal.Terminal;
import fanout.journal.Journal;
import fanout.journal.JournalException;
import fanout.journal.JournalException.Refusal;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The journal of a run, if it keeps one. Owns it. */
final class RunJournal implements Closeable {

    private final Optional<Journal> journal;

    private RunJournal(Optional<Journal> journal) {
        this.journal = journal;
    }

    /**
     * Opens the journal, and says what a person should know of it. Nothing is changed yet.
     *
     * @param isResumed whether the run is to go on with what lies there
     * @throws JournalException if it cannot
     * @throws CannotWriteException if the journal cannot be opened
     */
    static RunJournal open(Outputs outputs, boolean isResumed, Terminal terminal) throws IOException {
        if (outputs.journal().isEmpty() || !outputs.areResumable()) {
            refuse(outputs, isResumed);
            return new RunJournal(Optional.empty());
        }
        Path path = outputs.journal().get();
        makeFolder(outputs.pages()); // before the journal's, which is often the same: the message names what a job names
        makeFolder(outputs.items());
        Journal journal = open(path, isResumed, identity(outputs, path));
        journal.loss().ifPresent(terminal::line);
        if (isResumed && !journal.isResumed()) {
            terminal.line("there is no crawl to resume in " + path + ": it starts from the beginning");
        }
        return new RunJournal(Optional.of(journal));
    }

    private static void makeFolder(Output output) throws IOException {
        try {
            Files.createDirectories(Objects.requireNonNull(output.path().toAbsolutePath().getParent()));
        } catch (IOException e) {
            throw new CannotWriteException(output, e);
        }
    }

    private static Journal open(Path path, boolean isResumed, Map<String, String> also) throws IOException {
        try {
            return isResumed ? Journal.resume(path, also) : Journal.create(path, also);
        } catch (JournalException e) {
            throw e;
        } catch (IOException e) {
            throw new CannotWriteException(new Output(path, Output.Format.JSON_LINES), e);
        }
    }

    private static void refuse(Outputs outputs, boolean isResumed) throws JournalException {
        if (!isResumed) {
            return;
        }
        throw new JournalException(Refusal.NOT_RESUMABLE, outputs.areResumable()
                ? "cannot resume: output.journal is null, and therefore no journal is kept"
                : "cannot resume: " + (Outputs.isFile(outputs.pages()) ? name("items", outputs.items())
                        : name("pages", outputs.pages()))
                        + " is no plain file, and what was written to it cannot be cut");
    }

    private static String name(String key, Output output) {
        return "output." + key + ", " + output.path() + ",";
    }

    /** The outputs must be the same; a folder may be moved as a whole. */
    private static Map<String, String> identity(Outputs outputs, Path journal) {
        Path folder = Objects.requireNonNull(journal.toAbsolutePath().normalize().getParent());
        Map<String, String> also = new LinkedHashMap<>();
        also.put("output.pages", place(outputs.pages(), folder));
        also.put("output.items", place(outputs.items(), folder));
        also.put("output.report", place(outputs.report(), folder));
        return also;
    }

    private static String place(Output output, Path folder) {
        return output.isStandardOutput() ? "-"
                : output.format() + " " + folder.relativize(output.path().toAbsolutePath().normalize());
    }

    /** Empty if the run keeps none. */
    Optional<Journal> journal() {
        return journal;
    }

    /** Removes the journal of a crawl that has nothing left to do. */
    @Override
    public void close() throws IOException {
        if (journal.isPresent()) {
            journal.get().close();
        }
    }
}
