package fanout.journal;

import fanout.outcome.Change;
import fanout.outcome.Counts;
import fanout.outcome.HostMemory;
import fanout.outcome.Reason;
import fanout.outcome.Redirected;
import fanout.outcome.Stage;
import fanout.page.ContentDigest;
import fanout.page.Request;
import fanout.url.Fingerprint;
import fanout.url.Host;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads the records of a group. Confined to one thread. */
final class GroupReader {

    private static final int DEEPEST = 8;

    private final RecordReader in;
    private final Records records;
    private final UrlBytes lastReferrer = new UrlBytes();

    private GroupReader(ByteBuffer content, Records records) {
        this.in = new RecordReader(content);
        this.records = records;
    }

    /**
     * Gives every record of a group to {@code records}.
     *
     * @throws DamageException if it is no group, whatever its checksum says
     */
    static void read(ByteBuffer content, Records records) throws DamageException {
        GroupReader reader = new GroupReader(content, records);
        try {
            while (reader.in.hasMore()) {
                reader.record(reader.in.tag());
            }
        } catch (IllegalArgumentException e) { // what the records of the crawler do not take
            throw new DamageException("a record cannot be: " + e.getMessage(), e);
        }
    }

    private void record(RecordTag tag) throws DamageException {
        switch (tag) {
            case HEAD -> records.head(head());
            case RUN -> records.run();
            case ADMITTED -> records.admitted(admitted(true));
            case ADMITTED_REQUEST -> records.admitted(admitted(false));
            case SETTLED -> records.settled(in.print(), result());
            case FOLLOWED -> records.changed(new Change.Followed(RedirectedRecord.read(in)));
            case FOLLOWED_REQUEST -> records.changed(new Change.Followed(followedRequest()));
            case FOLLOWED_AS -> {
                Redirected redirected = followedRequest();
                records.changed(new Change.Followed(redirected.knownAs(in.canonicalUrl())));
            }
            case SITEMAP_FOUND -> records.changed(new Change.SitemapFound(in.canonicalUrl()));
            case SITEMAP_ENDED ->
                    records.changed(new Change.SitemapEnded(in.canonicalUrl(), reason(in.word()), in.text()));
            case WIDENED -> records.changed(new Change.Widened(host()));
            case HOST -> records.changed(new Change.HostChanged(new HostMemory(host(), in.duration(), in.instant(),
                    in.smallNumber(), in.smallNumber(), in.smallNumber(), in.instant())));
            case KNOWN -> records.known(in.print());
            case SUMS -> records.sums(Sums.read(in));
            case OK_PAGES -> records.okPages(host(), label(), in.number());
            case FIRST_PAGE -> records.firstPage(digest(), in.url());
            case COMMIT -> records.commit(new Commit(position(0), counts(), in.duration()));
        }
    }

    private Head head() throws DamageException {
        long version = in.number();
        if (version != Head.VERSION && version != Head.FIRST) {
            throw new Head.OtherVersionException(version);
        }
        return new Head((int) version, Identity.read(in), in.instant(), new Fingerprint.Seed(in.fixed(), in.fixed()));
    }

    private Redirected followedRequest() throws DamageException {
        Redirected redirected = RedirectedRecord.read(in);
        Request request = redirected.request().with(DetailsRecord.read(in));
        return new Redirected(request, redirected.trail(), redirected.target());
    }

    private AdmittedUrl admitted(boolean isPlain) throws DamageException {
        if (in.number() != 0) {
            lastReferrer.set(in.url());
        }
        UrlBytes url = in.url();
        int depth = in.smallNumber();
        Optional<String> label = label();
        Request.Details details = isPlain ? Request.Details.NONE : DetailsRecord.read(in);
        return new AdmittedUrl(url, depth, label, lastReferrer, details);
    }

    private Optional<String> label() throws DamageException {
        return in.number() == 0 ? Optional.empty() : Optional.of(in.word());
    }

    private Result result() throws DamageException {
        String outcome = in.word();
        String reason = in.word();
        int items = in.smallNumber();
        int dropped = in.smallNumber();
        long bytes = in.number();
        long micros = in.number();
        if (micros < 0) {
            throw new DamageException("not a duration");
        }
        return new Result(outcome, reason(reason).map(Reason::label), items, dropped, bytes,
                micros == 0 ? Optional.empty() : Optional.of(Duration.of(micros - 1, ChronoUnit.MICROS)));
    }

    private static Optional<Reason> reason(String label) {
        return label.isEmpty() ? Optional.empty() : Optional.of(Reason.ofLabel(label));
    }

    private ContentDigest digest() throws DamageException {
        return new ContentDigest(in.fixed(), in.half());
    }

    private Host host() throws DamageException {
        return new Host(in.text(), in.smallNumber());
    }

    private Position position(int depth) throws DamageException {
        if (depth > DEEPEST) {
            throw new DamageException("a position in a position, too often");
        }
        String place = in.text();
        List<Position> parts = new ArrayList<>();
        for (int left = in.smallNumber(); left > 0; left--) {
            parts.add(position(depth + 1));
        }
        return new Position(place, parts);
    }

    private Counts counts() throws DamageException {
        return new Counts(in.number(), in.number(), in.number(), in.number(), in.number(), in.number(), in.number(),
                in.number(), in.smallNumber(), deadlines());
    }

    private Map<Stage, Long> deadlines() throws DamageException {
        Map<Stage, Long> exceeded = new EnumMap<>(Stage.class);
        for (int left = in.smallNumber(); left > 0; left--) {
            exceeded.put(Stage.valueOf(in.word().toUpperCase(Locale.ROOT)), in.number());
        }
        return exceeded;
    }
}
