package fanout.app.store;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/**
 * What the report of a crawl says that the service needs. A member that the service or its dashboard reads has the type
 * that it is written with; others may be anything. Immutable.
 *
 * @param job empty if it does not say
 * @param failure empty if there was none
 * @param startedAt as it is written
 * @param accounting numbers of URLs, by their outcomes
 * @param reasons numbers of URLs, by their reasons
 */
public record KeptReport(
        String job,
        String finishReason,
        Optional<String> failure,
        String startedAt,
        long elapsedMs,
        Map<String, Long> accounting,
        Map<String, Long> reasons,
        long items,
        long bytes,
        double pagesPerSecond) {

    private static final Set<String> OUTCOMES =
            Set.of("discovered", "ok", "unmodified", "redirected", "failed", "skipped", "cancelled");
    private static final Pattern REASON = Pattern.compile("[a-zA-Z_]{1,40}");
    private static final int MOST_REASONS = 100;

    public KeptReport {
        accounting = Collections.unmodifiableMap(new TreeMap<>(accounting));
        reasons = Collections.unmodifiableMap(new TreeMap<>(reasons));
    }

    /**
     * Reads the report of a crawl.
     *
     * @throws OwnFiles.UnusableException if it is none
     * @throws NoSuchFileException if it is missing
     */
    public static KeptReport read(CrawlFolder folder) throws IOException {
        return of(folder.report(), OwnFiles.read(folder.report(), CrawlFolder.MOST_BYTES));
    }

    /**
     * Reads a report.
     *
     * @param file which the content is of
     * @throws OwnFiles.UnusableException if it is none
     */
    public static KeptReport of(Path file, byte[] content) throws IOException {
        try (KeptJson json = new KeptJson(file, content)) {
            Members members = new Members();
            json.begin();
            while (json.next() != JsonToken.END_OBJECT) {
                members.read(json, json.member());
            }
            json.end();
            return members.report(file);
        }
    }

    /** What was read. Confined to one thread. */
    private static final class Members {

        private final Map<String, Long> reasons = new TreeMap<>();
        private @Nullable Map<String, Long> accounting;
        private Optional<String> job = Optional.empty();
        private Optional<String> finishReason = Optional.empty();
        private Optional<String> failure = Optional.empty();
        private Optional<String> startedAt = Optional.empty();
        private long elapsedMs;
        private long items;
        private long bytes;
        private double pagesPerSecond;

        private void read(KeptJson json, String name) throws IOException {
            switch (name) {
                case "job" -> job = json.text(name);
                case "finishReason" -> finishReason = json.text(name);
                case "failure" -> failure = json.text(name);
                case "startedAt" -> startedAt = json.text(name);
                case "elapsedMs" -> elapsedMs = json.whole(name);
                case "items" -> items = json.whole(name);
                case "bytes" -> bytes = json.whole(name);
                case "pagesPerSecond" -> pagesPerSecond = json.number(name);
                case "accounting" -> accounting(json);
                case "runs", "duplicates", "outOfScope", "dropped", "itemsDropped", "abandonedLookups",
                        "peakInFlight" ->
                        json.number(name);
                case "leakCheck", "latencyMs", "deadlineExceeded" -> numbers(json, name);
                case "follow", "fields" -> json.list(name);
                case "expectations" -> expectations(json);
                default -> json.skip();
            }
        }

        private void accounting(KeptJson json) throws IOException {
            Map<String, Long> outcomes = new TreeMap<>();
            json.object("accounting");
            while (json.next() != JsonToken.END_OBJECT) {
                String name = json.member();
                if (name.equals("reasons")) {
                    reasons(json);
                } else if (OUTCOMES.contains(name)) {
                    outcomes.put(name, json.whole(name));
                } else {
                    json.skip();
                }
            }
            accounting = outcomes;
        }

        /** Also those that only another version knows. */
        private void reasons(KeptJson json) throws IOException {
            json.object("reasons");
            while (json.next() != JsonToken.END_OBJECT) {
                String name = json.member();
                long urls = json.whole("a reason");
                if (reasons.size() < MOST_REASONS && REASON.matcher(name).matches()) {
                    reasons.put(name, urls);
                }
            }
        }

        private static void expectations(KeptJson json) throws IOException {
            json.object("expectations");
            while (json.next() != JsonToken.END_OBJECT) {
                String name = json.member();
                if (name.equals("checks")) {
                    json.list(name);
                } else {
                    json.skip();
                }
            }
        }

        private static void numbers(KeptJson json, String name) throws IOException {
            json.object(name);
            while (json.next() != JsonToken.END_OBJECT) {
                json.number(json.member());
            }
        }

        private KeptReport report(Path file) throws OwnFiles.UnusableException {
            if (finishReason.isEmpty() || accounting == null) {
                throw OwnFiles.damaged(file,
                        "is damaged: " + (accounting == null ? "accounting" : "finishReason") + " is missing");
            }
            return new KeptReport(job.orElse(""), finishReason.get(), failure, startedAt.orElse(""), elapsedMs,
                    accounting, reasons, items, bytes, pagesPerSecond);
        }
    }
}
