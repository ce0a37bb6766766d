package fanout.app.trial;

import fanout.job.CrawlJob;
import fanout.job.Download;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.page.Attempt;
import fanout.page.ResponseHead;
import fanout.sink.BodyStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The files of a trial: they are downloaded as a crawl would, to a temporary folder, and are gone when the trial ends.
 * Closed by its opener.
 *
 * @param folder empty, as is the store, if the job keeps no body
 */
record TrialFiles(Optional<Path> folder, Optional<BodyStore> store) implements AutoCloseable {

    /** As if every entry had picked it. */
    private static final int BY_ALL = -1;

    static TrialFiles of(CrawlJob job) {
        if (!job.keeping().keepsFiles()) {
            return new TrialFiles(Optional.empty(), Optional.empty());
        }
        try {
            Path folder = Files.createTempDirectory("scraper-try-");
            return new TrialFiles(Optional.of(folder),
                    Optional.of(BodyStore.open(folder, _ -> Set.of())));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a temporary folder for the file", e);
        }
    }

    /** Says whether a response is a download of the job, and under which condition it would be one. */
    static Stream<String> notes(Outcome outcome, CrawlJob job) {
        if (!(outcome instanceof Fetched fetched)) {
            return Stream.empty();
        }
        Optional<String> type =
                fetched.trail().last().flatMap(Attempt::head).flatMap(ResponseHead::contentType);
        Optional<Integer> entry = entry(fetched, fetched.request().details().picks(), type, job);
        if (entry.isPresent()) {
            return Stream.of(fetched.request().url() + " is a download (entry " + entry.get()
                    + "): a crawl keeps it in output.files, and does not parse it");
        }
        return entry(fetched, BY_ALL, type, job)
                .filter(_ -> fetched.content().hash().isEmpty())
                .map(other -> fetched.request().url() + " is a download if css of entry " + other
                        + " picks a link to it: a crawl then keeps it in output.files, and does not parse it")
                .stream();
    }

    /** Returns the number of the first entry that takes a response, from 1. */
    private static Optional<Integer> entry(Fetched fetched, int picks, Optional<String> type, CrawlJob job) {
        List<Download> possible = job.keeping()
                .possible(fetched.request().url(), picks, (text, pattern) -> pattern.isFoundIn(text));
        return possible.stream()
                .filter(download -> download.takesType(type))
                .findFirst()
                .map(download -> job.keeping().downloads().indexOf(download) + 1);
    }

    /** No line names a file of the trial, so closing the store deletes them. */
    @Override
    public void close() {
        try {
            if (store.isPresent()) {
                store.get().close();
            }
            if (folder.isPresent()) {
                Files.deleteIfExists(folder.get());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete the temporary folder of the file", e);
        }
    }
}
