package fanout.app.service;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.Scraper;
import fanout.app.StoredFolders;
import fanout.app.config.ServiceSettings;
import fanout.app.config.ServiceSettingsReader;
import fanout.app.metrics.JobRegistries;
import fanout.app.service.DataStates.Crawls;
import fanout.app.service.DataStates.State;
import fanout.app.service.crawl.CrawlScope;
import fanout.app.service.crawl.Readers;
import fanout.app.store.DataCheck;
import fanout.app.store.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Data folders in every state that a crash, a copy, a backup or a person can leave them in. For each: what the check
 * says, what a start makes of the crawls, what retention deletes, and whether a backup can be restored over it.
 * Nothing goes that nobody meant to go.
 */
class DataStatesTest {

    private static final Pattern OWN =
            Pattern.compile("lock|history\\.db.*|access\\.jsonl|crawls/[0-9a-z]{17}(\\.deleted)?/"
                    + "(job|(pages|items|links)\\.jsonl|report\\.json|crawl\\.journal|limits\\.json|series\\.json)");

    private static Scraper scraper = Scraper.create();

    @TempDir
    private Path folder;

    @AfterAll
    static void close() {
        scraper.close();
    }

    private static final Map<String, String> AFTER_A_START = Map.ofEntries(Map.entry("exhausted", "finished"),
            Map.entry("rules", "finished"), Map.entry("json", "finished"), Map.entry("scope", "finished"),
            Map.entry("sitemaps", "finished"), Map.entry("maxPages", "finished"), Map.entry("cancelled", "cancelled"),
            Map.entry("running", "queued"), Map.entry("running2", "queued"), Map.entry("draining", "cancelled"),
            Map.entry("queued", "queued"), Map.entry("queued2", "queued"));

    /** What a service does with a folder before its first request. */
    private static void start(Path path, String settings) throws Exception {
        ServiceSettings read = ServiceSettingsReader.read("test.yaml",
                ("network: {allowedCidrs: [127.0.0.0/8]}\n" + settings).getBytes(UTF_8), Map.of());
        try (DataFolder data = DataFolder.open(path); JobRegistries registries = new JobRegistries(1, _ -> {})) {
            new CrawlScope(read, data, scraper, registries, new Readers(1, 1)).recover();
        }
    }

    /** States by ids. */
    private static Map<String, String> rows(Path data) throws SQLException {
        Map<String, String> rows = new TreeMap<>();
        try (Connection history = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("history.db"));
                Statement statement = history.createStatement();
                ResultSet found = statement.executeQuery("SELECT id, state FROM crawl")) {
            while (found.next()) {
                rows.put(found.getString(1), found.getString(2));
            }
        }
        return rows;
    }

    private static Map<String, String> expected(State state, Crawls crawls) {
        Map<String, String> all = new TreeMap<>();
        if (!state.expected().containsKey("*")) {
            AFTER_A_START.forEach((name, after) -> all.put(crawls.id(name), after));
        }
        state.expected().forEach((name, after) -> all.put(Crawls.NAMES.contains(name) ? crawls.id(name) : name, after));
        all.values().removeIf("gone"::equals);
        return all;
    }

    /**
     * Every file, with its content or, if that is long, its length; and what else lies where a crawl's files do, which
     * is not the service's.
     */
    private static Map<String, String> files(Path data) throws IOException {
        Map<String, String> files = new TreeMap<>();
        if (!Files.isDirectory(data)) {
            return files;
        }
        try (Stream<Path> all = Files.walk(data)) {
            for (Path path : all.toList()) {
                String name = data.relativize(path).toString();
                if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    files.put(name, Files.size(path) > 1 << 30 ? Files.size(path) + " bytes"
                            : Files.readString(path, ISO_8859_1));
                } else if (name.matches("(crawls|orphaned)/[^/]+/.+")) {
                    files.put(name + " (odd)", Files.isSymbolicLink(path) ? Files.readSymbolicLink(path).toString()
                            : "no file");
                }
            }
        }
        return files;
    }

    private static void assertThere(Map<String, String> before, Map<String, String> after, Predicate<String> which) {
        List<String> gone = new ArrayList<>();
        before.forEach((name, content) -> {
            String aside = name.replaceFirst("crawls/([0-9a-z]{17})(\\.deleted)?(/|$)", "orphaned/$1$3");
            boolean isThere = Stream.of(name, aside, aside.replaceFirst("(orphaned/[0-9a-z]{17})/", "$1-2/"))
                    .map(after::get)
                    .anyMatch(found -> found != null && (found.equals(content)
                            || (name.endsWith(".jsonl") && content.startsWith(found)))); // half a line was cut off
            if (which.test(name) && !isThere) {
                gone.add(name);
            }
        });
        assertThat(gone).as("gone or changed").isEmpty();
    }

    /** The opening of a pipe would not return. */
    @ParameterizedTest
    @MethodSource("fanout.app.service.DataStates#states")
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void nothingGoesThatNobodyMeantToGo(State state) throws Exception {
        Path data = folder.resolve("data");
        Crawls crawls = Crawls.unpackedIn(data);
        state.change().to(crawls);
        Map<String, String> before = files(data);

        List<String> said = problems(data);
        assertThat(files(data)).as("the check changes nothing").isEqualTo(before);
        for (String problem : state.says()) {
            assertThat(said).anyMatch(line -> line.startsWith(named(problem, crawls)));
        }
        if (state.says().isEmpty()) {
            assertThat(said).isEmpty();
        }

        if (state.refused().isPresent()) {
            assertThatThrownBy(() -> start(data, "")).isInstanceOf(IOException.class)
                    .hasMessageContaining(state.refused().get());
            assertThere(before, files(data), _ -> true);
            return;
        }
        start(data, "");
        assertThat(rows(data)).isEqualTo(expected(state, crawls));
        Map<String, String> started = files(data);
        boolean isDeletion = state.name().contains("delet");
        assertThere(before, started, name -> !name.matches("lock|history.*|access.jsonl")
                && !(isDeletion && OWN.matcher(name).matches()));
        assertThat(problems(data)).as("what is still wrong after a start")
                .noneMatch(line -> line.contains("history.db") || line.contains("not in the history"));

        start(data, "retention: {maxAge: 1ms}\n");
        assertThere(started, files(data), name -> !OWN.matcher(name).matches());
        assertThat(rows(data).values()).isSubsetOf("queued", "running", "draining", "held");
        Map<String, String> kept = files(data);

        restore(data);
        start(data, "");
        assertThat(rows(data)).as("of the backup")
                .containsAllEntriesOf(expected(new State(state.name(), state.change()), crawls));
        assertThere(kept, files(data), name -> !OWN.matcher(name).matches());
    }

    /** Puts the folder as it was before its change over what is there now. */
    private static void restore(Path data) throws IOException {
        try (Stream<Path> history = Files.list(data)) {
            for (Path part : history.filter(path -> path.getFileName().toString().startsWith("history.db")).toList()) {
                Files.delete(part);
            }
        }
        StoredFolders.unpack("version1b/data-killed", data);
    }

    private static String named(String problem, Crawls crawls) {
        String place = problem.substring(0, problem.indexOf(':'));
        String first = place.replaceFirst("/.*", "");
        return Crawls.NAMES.contains(first) ? problem.replaceFirst(first, "crawls/" + crawls.id(first)) : problem;
    }

    private static List<String> problems(Path data) {
        return DataCheck.of(data)
                .problems()
                .stream()
                .map(problem -> problem.where() + ": " + problem.what())
                .filter(line -> !line.endsWith("of disk left"))
                .toList();
    }
}
