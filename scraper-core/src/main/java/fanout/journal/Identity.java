package fanout.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.job.CrawlJob;
import fanout.job.Start;
import fanout.url.Scope;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * What must be the same for a crawl to go on: the key of the job file and what stands for its value, a digest but for the name.
 * The rest of a job may be another in each run. Immutable.
 */
record Identity(SequencedMap<String, String> parts) {

    private static final String NAME = "name";

    Identity {
        parts = new LinkedHashMap<>(parts);
    }

    /**
     * The identity of a job.
     *
     * @param also what else must be the same, by the key that a person is told
     */
    static Identity of(CrawlJob job, Map<String, String> also) {
        SequencedMap<String, String> parts = new LinkedHashMap<>();
        parts.put(NAME, job.name());
        Start start = job.start();
        parts.put("startUrls", digest(start.urls()));
        parts.put("sitemaps", digest(List.of(start.sitemaps(), start.sitemapsFromRobots())));
        Scope scope = job.scope();
        parts.put("scope", digest(List.of(scope.allowedDomains(), scope.hosts()
                .stream()
                .map(Object::toString)
                .sorted()
                .toList(), scope.include(), scope.exclude(), scope.maxDepth())));
        List<String> types = job.parsing().contentTypes();
        // A job without the key has the identity that it had before there was one.
        parts.put("parse", digest(job.parsing().charset().<Object>map(label -> List.of(types, label)).orElse(types)));
        parts.put("follow", digest(job.parsing().follow()));
        parts.put("extract", digest(job.parsing().extract()));
        also.forEach((key, value) -> parts.put(key, digest(value)));
        return new Identity(parts);
    }

    /** Every part of a job is a record, a list or a text, and says in words what it is. */
    private static String digest(Object value) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(value.toString().getBytes(UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    String name() {
        return parts.getOrDefault(NAME, "");
    }

    /** The keys whose values are not the same. */
    List<String> differencesFrom(Identity other) {
        LinkedHashMap<String, String> all = new LinkedHashMap<>(parts);
        all.putAll(other.parts);
        return all.keySet()
                .stream()
                .filter(key -> !parts.getOrDefault(key, "").equals(other.parts.getOrDefault(key, "")))
                .toList();
    }

    void write(RecordWriter out) {
        out.number(parts.size());
        parts.forEach((key, value) -> out.text(key).text(value));
    }

    static Identity read(RecordReader in) throws DamageException {
        SequencedMap<String, String> parts = new LinkedHashMap<>();
        for (int left = in.smallNumber(); left > 0; left--) {
            parts.put(in.text(), in.text());
        }
        return new Identity(parts);
    }
}
