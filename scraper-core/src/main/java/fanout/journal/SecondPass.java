package fanout.journal;

import fanout.outcome.Redirected;
import fanout.url.CanonicalUrl;
import fanout.url.Fingerprint;
import fanout.url.FingerprintSet;
import java.util.List;
import java.util.Optional;

/** Gives the URLs of a journal to a {@link Replay}, of which a {@link Survey} knows which wait. Confined to one thread. */
final class SecondPass implements Records {

    private final Survey survey;
    private final FingerprintSet passed;
    private final Replay replay;
    private Optional<CanonicalUrl> lastReferrer = Optional.empty();

    SecondPass(Survey survey, Replay replay) throws DamageException {
        this.survey = survey;
        this.passed = survey.passed();
        this.replay = replay;
    }

    @Override
    public void known(Fingerprint print) {
        replay.known(print);
    }

    @Override
    public void admitted(AdmittedUrl url) throws DamageException {
        Fingerprint print = survey.printOf(url.url());
        List<Redirected> hops = survey.hopsTo(print);
        // The URL that a chain has reached waits, even if the chain has been there before.
        if (survey.isSettled(print) || (hops.isEmpty() && passed.contains(print))) {
            replay.known(print);
        } else {
            replay.waiting(url.request(referrer(url.referrer())), hops);
        }
    }

    private Optional<CanonicalUrl> referrer(String text) throws DamageException {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (lastReferrer.isEmpty() || !lastReferrer.get().toString().equals(text)) {
            lastReferrer = Optional.of(RecordReader.canonical(text));
        }
        return lastReferrer;
    }
}
