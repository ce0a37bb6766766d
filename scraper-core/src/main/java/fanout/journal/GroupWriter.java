package fanout.journal;

import fanout.outcome.Change;
import fanout.outcome.Counts;
import fanout.outcome.Fetched;
import fanout.outcome.HostMemory;
import fanout.outcome.Outcome;
import fanout.outcome.Redirected;
import fanout.outcome.Stage;
import fanout.outcome.Step;
import fanout.page.ContentDigest;
import fanout.page.Request;
import fanout.url.Fingerprint;
import fanout.url.Host;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Writes the records of one group after the other. Confined to one thread. */
final class GroupWriter {

    /** Hosts and labels whose pages are added up before they are written. */
    private static final int MOST_PARTS = 4_096;

    private final RecordWriter out = new RecordWriter();
    private final Fingerprint.Seed seed;
    /** A host's last state in the group is the one that counts. */
    private final Map<Host, HostMemory> hosts = new LinkedHashMap<>();

    /** Of a page that is ok alone: which of its limits it counts towards. */
    private record Part(Host host, Optional<String> label) {}

    /** Pages of the group that are ok. */
    private final Map<Part, Long> okPages = new LinkedHashMap<>();
    private String lastReferrer = "";

    /** @param seed of the journal's fingerprints */
    GroupWriter(Fingerprint.Seed seed) {
        this.seed = seed;
    }

    void clear() {
        out.clear();
        hosts.clear();
        okPages.clear();
        lastReferrer = "";
    }

    int size() {
        return out.size();
    }

    boolean isEmpty() {
        return out.size() == 0 && hosts.isEmpty() && okPages.isEmpty();
    }

    /** What was written since the group began. Valid until the next {@link #clear}. */
    ByteBuffer content() {
        return out.asBuffer();
    }

    void head(Head head) {
        out.tag(RecordTag.HEAD).number(head.version());
        head.identity().write(out);
        out.instant(head.startedAt()).fixed(head.seed().high()).fixed(head.seed().low());
    }

    void run() {
        out.tag(RecordTag.RUN);
    }

    /**
     * URLs come before their outcomes, and a redirect after the URL of its target. Provisional outcomes are none here.
     */
    void step(Step step) {
        step.admitted().forEach(this::admitted);
        step.changes().forEach(this::change);
        if (!step.isProvisional()) {
            step.outcomes().forEach(this::settled);
        }
    }

    private void admitted(Request request) {
        admitted(request.url().toString(), request.depth(), request.label(),
                request.referrer().map(Object::toString).orElse(""), request.details());
    }

    void admitted(AdmittedUrl url) {
        admitted(url.url().toString(), url.depth(), url.label(), url.referrer().toString(), url.details());
    }

    private void admitted(String url, int depth, Optional<String> label, String referrer, Request.Details details) {
        boolean isPlain = details.equals(Request.Details.NONE);
        out.tag(isPlain ? RecordTag.ADMITTED : RecordTag.ADMITTED_REQUEST);
        boolean same = referrer.equals(lastReferrer);
        out.number(same ? 0 : 1);
        if (!same) {
            lastReferrer = referrer;
            out.url(lastReferrer);
        }
        out.url(url).number(depth);
        // A label may be the empty text, which is not the same as none.
        out.number(label.isPresent() ? 1 : 0);
        label.ifPresent(out::word);
        if (!isPlain) {
            DetailsRecord.write(details, out);
        }
    }

    private void settled(Outcome outcome) {
        Request request = outcome.request();
        settled(Fingerprint.of(request.key(), seed), Result.of(outcome));
        if (outcome instanceof Fetched page) {
            if (!request.isExternal()) {
                okPages(request.url().host(), request.label(), 1);
            }
            if (page.duplicateOf().isEmpty()) {
                page.content()
                        .hash()
                        .ifPresent(hash -> firstPage(ContentDigest.of(hash), request.url().toString()));
            }
        }
    }

    /** Adds pages of a host that are ok to those of other calls: of many hosts some are written before the end. */
    void okPages(Host host, Optional<String> label, long pages) {
        okPages.merge(new Part(host, label), pages, Long::sum);
        if (okPages.size() >= MOST_PARTS) {
            okPages();
        }
    }

    private void okPages() {
        okPages.forEach((part, pages) -> {
            host(part.host(), out.tag(RecordTag.OK_PAGES));
            out.number(part.label().isPresent() ? 1 : 0);
            part.label().ifPresent(out::word);
            out.number(pages);
        });
        okPages.clear();
    }

    void firstPage(ContentDigest digest, String url) {
        out.tag(RecordTag.FIRST_PAGE).fixed(digest.high()).half(digest.low()).url(url);
    }

    void settled(Fingerprint print, Result result) {
        out.tag(RecordTag.SETTLED).print(print).word(result.outcome()).word(result.reason().orElse(""));
        out.number(result.items()).number(result.itemsDropped()).number(result.bytes());
        out.number(result.duration().map(duration -> 1 + duration.toNanos() / 1_000).orElse(0L));
    }

    void known(Fingerprint print) {
        out.tag(RecordTag.KNOWN).print(print);
    }

    void sums(Sums sums) {
        out.tag(RecordTag.SUMS);
        sums.write(out);
    }

    void change(Change change) {
        switch (change) {
            case Change.Followed followed -> followed(followed.redirected());
            case Change.SitemapFound found -> out.tag(RecordTag.SITEMAP_FOUND).url(found.url().toString());
            case Change.SitemapEnded ended -> out.tag(RecordTag.SITEMAP_ENDED)
                    .url(ended.url().toString())
                    .word(ended.reason().map(Object::toString).orElse(""))
                    .text(ended.detail());
            case Change.Widened widened -> host(widened.host(), out.tag(RecordTag.WIDENED));
            case Change.HostChanged changed -> hosts.put(changed.memory().host(), changed.memory());
        }
    }

    private void followed(Redirected redirected) {
        Request.Details details = redirected.request().details();
        boolean isPlain = details.equals(Request.Details.NONE) && redirected.known().isEmpty();
        RecordTag more = redirected.known().isPresent() ? RecordTag.FOLLOWED_AS : RecordTag.FOLLOWED_REQUEST;
        RedirectedRecord.write(redirected, out.tag(isPlain ? RecordTag.FOLLOWED : more));
        if (!isPlain) {
            DetailsRecord.write(details, out);
        }
        redirected.known().ifPresent(url -> out.url(url.toString()));
    }

    private static void host(Host host, RecordWriter out) {
        out.text(host.name()).number(host.port());
    }

    private void host(HostMemory memory) {
        host(memory.host(), out.tag(RecordTag.HOST));
        out.duration(memory.throttle()).instant(memory.heldUntil());
        out.number(memory.failures()).number(memory.successes()).number(memory.openingsInARow());
        out.instant(memory.openUntil());
    }

    /** Ends the group. */
    void commit(Commit commit) {
        hosts.values().forEach(this::host);
        hosts.clear();
        okPages();
        out.tag(RecordTag.COMMIT);
        position(commit.position());
        Counts counts = commit.counts();
        out.number(counts.duplicates()).number(counts.outOfScope()).number(counts.dropped()).number(counts.retries());
        out.number(counts.robotsOk()).number(counts.robotsFailed());
        out.number(counts.sitemapsOk()).number(counts.sitemapsFailed()).number(counts.peakLeased());
        out.number(counts.deadlineExceeded().size());
        for (Map.Entry<Stage, Long> stage : counts.deadlineExceeded().entrySet()) {
            out.word(stage.getKey().label()).number(stage.getValue());
        }
        out.duration(commit.elapsed());
    }

    private void position(Position position) {
        out.text(position.place()).number(position.parts().size());
        position.parts().forEach(this::position);
    }
}
