package fanout.journal;

import fanout.outcome.Redirected;
import fanout.page.Attempt;
import fanout.page.Request;
import fanout.page.ResponseHead;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A redirect, whole: its line is written when its chain ends, which may be in another process. */
final class RedirectedRecord {

    private RedirectedRecord() {}

    static void write(Redirected redirected, RecordWriter out) {
        Request request = redirected.request();
        optional(request.referrer().map(Object::toString), out);
        out.url(request.url().toString()).number(request.depth());
        optional(request.label(), out);
        out.url(redirected.target().toString());
        Trail trail = redirected.trail();
        out.number(trail.attempts()).number(trail.redirects()).number(trail.last().isPresent() ? 1 : 0);
        trail.last().ifPresent(attempt -> attempt(attempt, out));
    }

    private static void attempt(Attempt attempt, RecordWriter out) {
        out.instant(attempt.startedAt()).duration(attempt.duration());
        out.number(attempt.latency().isPresent() ? 1 : 0);
        attempt.latency().ifPresent(out::duration);
        optional(attempt.ip(), out);
        out.number(attempt.head().isPresent() ? 1 : 0);
        attempt.head().ifPresent(head -> {
            out.number(head.status());
            optional(head.contentType(), out);
            optional(head.etag(), out);
            optional(head.lastModified(), out);
        });
    }

    private static void optional(Optional<String> text, RecordWriter out) {
        out.number(text.isPresent() ? 1 : 0);
        text.ifPresent(out::word);
    }

    static Redirected read(RecordReader in) throws DamageException {
        Optional<String> referrer = optional(in);
        CanonicalUrl url = in.canonicalUrl();
        int depth = in.smallNumber();
        Optional<String> label = optional(in);
        CanonicalUrl target = in.canonicalUrl();
        Optional<CanonicalUrl> from =
                referrer.isPresent() ? Optional.of(RecordReader.canonical(referrer.get())) : Optional.empty();
        int attempts = in.smallNumber();
        int redirects = in.smallNumber();
        Optional<Attempt> last = in.number() == 0 ? Optional.empty() : Optional.of(attempt(in));
        return new Redirected(new Request(url, depth, label, from), new Trail(attempts, redirects, last), target);
    }

    private static Attempt attempt(RecordReader in) throws DamageException {
        Instant startedAt = in.instant();
        Duration duration = in.duration();
        Optional<Duration> latency = in.number() == 0 ? Optional.empty() : Optional.of(in.duration());
        Optional<String> ip = optional(in);
        Optional<ResponseHead> head = in.number() == 0 ? Optional.empty()
                : Optional.of(new ResponseHead(in.smallNumber(), optional(in), optional(in), optional(in)));
        return new Attempt(startedAt, duration, latency, head, ip);
    }

    private static Optional<String> optional(RecordReader in) throws DamageException {
        return in.number() == 0 ? Optional.empty() : Optional.of(in.word());
    }
}
