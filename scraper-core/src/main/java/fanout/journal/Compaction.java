package fanout.journal;

import fanout.outcome.Change;
import fanout.page.ContentDigest;
import fanout.url.Fingerprint;
import fanout.url.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.util.Optional;

/**
 * Rewrites a journal: of a URL that has its outcome the fingerprint, of another all, and of hosts, sitemaps and
 * figures what holds now. It reads the journal twice, and keeps no URL. Its groups mean something all together only, so
 * that the last one alone ends with a commit. Confined to one thread.
 */
final class Compaction implements JournalFile.Rewriting {

    private final FileChannel old;
    private final String name;

    /** @param old the journal as it is, whole */
    Compaction(FileChannel old, String name) {
        this.old = old;
        this.name = name;
    }

    @Override
    public void into(JournalFile next) throws IOException {
        Survey survey = new Survey();
        new GroupScan(old, name).read(survey);
        GroupWriter group = new GroupWriter(survey.head().seed());
        group.head(survey.head());
        for (int run = 1; run < survey.runs(); run++) {
            group.run();
        }
        group.commit(new Commit(survey.position(), survey.counts(), survey.earlier()));
        group.run();
        new GroupScan(old, name).read(new Urls(survey, group, next));
        survey.hops().forEach(hop -> group.change(new Change.Followed(hop)));
        survey.changes().forEach(group::change);
        group.sums(survey.sums());
        group.commit(new Commit(survey.position(), survey.counts(), survey.ofLastRun()));
        end(group, next);
    }

    private static void end(GroupWriter group, JournalFile next) throws IOException {
        next.append(group.content());
        group.clear();
    }

    /** The second pass. */
    private record Urls(Survey survey, GroupWriter group, JournalFile next) implements Records {

        @Override
        public void known(Fingerprint print) {
            group.known(print);
            endIfEnough();
        }

        @Override
        public void admitted(AdmittedUrl url) throws DamageException {
            Fingerprint print = url.print(survey.head().seed());
            if (survey.isSettled(print)) {
                group.known(print);
            } else {
                group.admitted(url);
            }
            endIfEnough();
        }

        @Override
        public void okPages(Host host, Optional<String> label, long pages) {
            group.okPages(host, label, pages);
            endIfEnough();
        }

        @Override
        public void firstPage(ContentDigest digest, UrlBytes url) {
            group.firstPage(digest, url.toString());
            endIfEnough();
        }

        private void endIfEnough() {
            if (group.size() >= Group.ENOUGH) {
                try {
                    Compaction.end(group, next);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
