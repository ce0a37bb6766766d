package fanout.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.job.CrawlJob;
import fanout.job.FirstIdentity;
import fanout.job.WrittenJob;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * What must be the same for a crawl to resume: the key of the job file, and for its value the name of the job, or else
 * a digest of its {@linkplain WrittenJob written form}. The rest of a job may be another in each run. Immutable.
 */
record Identity(SequencedMap<String, String> parts) {

    private static final String NAME = "name";

    Identity {
        parts = new LinkedHashMap<>(parts);
    }

    /**
     * Returns the identity of a job.
     *
     * @param also what else must be the same, by the key that a person is told
     */
    static Identity of(CrawlJob job, Map<String, String> also) {
        return of(job.name(), WrittenJob.of(job), also);
    }

    /** Returns the identity that a journal of version 1 gives a job. */
    static Identity ofVersion1(CrawlJob job, Map<String, String> also) {
        return of(job.name(), FirstIdentity.of(job), also);
    }

    private static Identity of(String name, Map<String, String> written, Map<String, String> also) {
        SequencedMap<String, String> parts = new LinkedHashMap<>();
        parts.put(NAME, name);
        written.forEach((key, text) -> parts.put(key, digest(text)));
        also.forEach((key, text) -> parts.put(key, digest(text)));
        return new Identity(parts);
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
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
