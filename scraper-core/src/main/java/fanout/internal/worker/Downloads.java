package fanout.internal.worker;

import fanout.internal.fetch.BodyFiles;
import fanout.internal.limit.WatchedPattern;
import fanout.job.Download;
import fanout.job.Keeping;
import fanout.page.Request;
import fanout.page.ResponseHead;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/** Which bodies of a crawl become files. Immutable. */
final class Downloads {

    private final Keeping keeping;
    private final Optional<BodyFiles> files;

    /** @param files empty only if the crawl keeps nothing */
    Downloads(Keeping keeping, Optional<BodyFiles> files) {
        if (keeping.keepsFiles() && files.isEmpty()) {
            throw new IllegalStateException("a crawl that keeps files has no place for them");
        }
        this.keeping = keeping;
        this.files = files;
    }

    /**
     * Chooses among the responses to a request by its URL, and by what has picked it.
     *
     * @param spent counts the work of patterns, as {@link WatchedPattern} does
     */
    BodyFiles.Choice of(Request request, IntConsumer spent) {
        if (keeping.downloads().isEmpty() || request.isExternal()
                || request.details().method() == Request.Method.HEAD) {
            return BodyFiles.Choice.NONE;
        }
        List<Download> possible = keeping.possible(request.url(), request.details().picks(),
                (text, pattern) -> WatchedPattern.isFoundIn(text, pattern, spent));
        return possible.isEmpty() ? BodyFiles.Choice.NONE : new OfRequest(possible, files.orElseThrow());
    }

    /** @param possible entries of which all holds but perhaps the content type */
    private record OfRequest(List<Download> possible, BodyFiles files) implements BodyFiles.Choice {

        @Override
        public Optional<BodyFiles.Terms> of(ResponseHead head) {
            return possible.stream()
                    .filter(download -> download.takesType(head.contentType()))
                    .findFirst()
                    .map(download -> new BodyFiles.Terms(files, download.maxBytes(), download.timeout()));
        }

        @Override
        public boolean isLikely() {
            return possible.stream().anyMatch(Download::picksLinks);
        }
    }

    /** Whether the bodies of parsed pages become files. */
    boolean keepsPages() {
        return keeping.pages();
    }

    /**
     * Keeps the body of a page.
     *
     * @throws InterruptedException if the thread is interrupted
     * @throws BodyFiles.NotKeptException if it cannot be written
     */
    void keep(byte[] body) throws InterruptedException {
        try (BodyFiles.Incoming file = files.orElseThrow().begin()) {
            file.write(body, body.length);
            file.keep();
        } catch (IOException e) {
            if (Thread.interrupted()) {
                InterruptedException interrupted = new InterruptedException("interrupted while a body was kept");
                interrupted.initCause(e);
                throw interrupted;
            }
            throw new BodyFiles.NotKeptException(e);
        }
    }
}
