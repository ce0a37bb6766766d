package fanout.journal;

import fanout.outcome.Redirected;
import fanout.page.ContentDigest;
import fanout.url.CanonicalUrl;
import fanout.url.Fingerprint;
import fanout.url.FingerprintSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives the URLs of a journal that wait to a {@link Replay}, some hundred at a time; a {@link Survey} knows which do
 * not. Gives the first pages with their contents as well. Confined to one thread.
 */
final class SecondPass implements Records {

    private static final int BATCH = 500;

    private final Survey survey;
    private final FingerprintSet known;
    private final Replay replay;
    private final List<Replay.Waiting> batch = new ArrayList<>(BATCH);
    private final UrlBytes referrerRead = new UrlBytes();
    private Optional<CanonicalUrl> lastReferrer = Optional.empty();
    private @Nullable CanonicalUrl lastFirst;

    /** @param known URLs that do not wait */
    SecondPass(Survey survey, FingerprintSet known, Replay replay) {
        this.survey = survey;
        this.known = known;
        this.replay = replay;
    }

    @Override
    public void admitted(AdmittedUrl url) throws DamageException {
        Fingerprint print = url.print(survey.head().seed());
        if (known.contains(print)) {
            return;
        }
        List<Redirected> hops = survey.hopsTo(print);
        batch.add(new Replay.Waiting(url.request(referrer(url.referrer())), print, hops));
        if (batch.size() == BATCH) {
            end();
        }
    }

    @Override
    public void firstPage(ContentDigest digest, UrlBytes url) throws DamageException {
        String text = url.toString();
        CanonicalUrl first = lastFirst == null ? RecordReader.canonical(text) : RecordReader.canonical(text, lastFirst);
        lastFirst = first;
        replay.firstPage(digest, first);
    }

    /** Gives what is left. */
    void end() {
        replay.waiting(batch);
        batch.clear();
    }

    private Optional<CanonicalUrl> referrer(UrlBytes read) throws DamageException {
        if (read.length() == 0) {
            return Optional.empty();
        }
        if (lastReferrer.isEmpty() || !referrerRead.isSameAs(read)) {
            String text = read.toString();
            lastReferrer = Optional.of(lastReferrer.isEmpty() ? RecordReader.canonical(text)
                    : RecordReader.canonical(text, lastReferrer.get()));
            referrerRead.set(read);
        }
        return lastReferrer;
    }
}
