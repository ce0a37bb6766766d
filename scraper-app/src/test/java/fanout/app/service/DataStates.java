package fanout.app.service;

import fanout.app.OddFile;
import fanout.app.StoredFolders;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The states that a crash, a copy, a backup or a person can leave a data folder in, and how they come about. */
final class DataStates {

    private static final Set<String> ALWAYS = Set.of("as it was", "no history", "an older history",
            "a history that is no database", "a history of a newer version", "folders of others among the crawls",
            "a link with the name of a crawl", "links in place of folders of crawls",
            "a link in place of the folder of crawls", "a link in place of the history",
            "an empty folder with the name of a crawl",
            "a report and lines, and no history of them", "a deleted crawl with a file of somebody else",
            "links in place of files", "pipes in place of files", "files that are larger than the memory",
            "files that are damaged", "files that are damaged, and no history");

    private DataStates() {}

    /** Brings the folder of a service that was killed into a state. */
    @FunctionalInterface
    interface Change {
        void to(Crawls crawls) throws Exception;
    }

    /**
     * A state.
     *
     * @param says what the check says, as {@code where: what}; empty if it finds nothing wrong
     * @param refused what a start says that it refuses; empty if it takes the folder
     * @param expected how crawls are after the start that are not as they were, by their ids or their places in the
     *     folder
     */
    record State(
            String name,
            Change change,
            List<String> says,
            Optional<String> refused,
            Map<String, String> expected) {

        State(String name, Change change) {
            this(name, change, List.of(), Optional.empty(), Map.of());
        }

        State checked(String... problems) {
            return new State(name, change, List.of(problems), refused, expected);
        }

        State refused(String message) {
            return new State(name, change, says, Optional.of(message), expected);
        }

        State with(String crawl, String state) {
            Map<String, String> more = new TreeMap<>(expected);
            more.put(crawl, state);
            return new State(name, change, says, refused, more);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** The crawls of the stored folder, by what they are; see the README next to it. */
    record Crawls(Path data, List<String> ids) {

        static final List<String> NAMES = List.of("exhausted", "rules", "json", "scope", "sitemaps", "maxPages",
                "cancelled", "running", "running2", "draining", "queued", "queued2");

        static Crawls unpackedIn(Path data) throws IOException {
            Files.createDirectory(data,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            StoredFolders.unpack("version1b/data-killed", data);
            try (Stream<Path> folders = Files.list(data.resolve("crawls"))) {
                return new Crawls(data, folders.map(path -> path.getFileName().toString()).sorted().toList());
            }
        }

        String id(String name) {
            return ids.get(NAMES.indexOf(name));
        }

        Path of(String name) {
            return data.resolve("crawls").resolve(id(name));
        }

        /** A file of a crawl, as {@code running/job}. */
        Path file(String place) {
            return of(place.replaceFirst("/.*", "")).resolve(place.replaceFirst(".*/", ""));
        }

        Path path(String name) {
            return data.resolve(name);
        }

        void withoutHistory() throws IOException {
            for (String part : List.of("", "-wal", "-shm")) {
                Files.deleteIfExists(path("history.db" + part));
            }
        }

        void sql(String... statements) throws SQLException {
            try (Connection history = DriverManager.getConnection("jdbc:sqlite:" + path("history.db"));
                    Statement statement = history.createStatement()) {
                for (String sql : statements) {
                    statement.execute(sql);
                }
            }
        }

        void write(String name, String content) throws IOException {
            Files.createDirectories(path(name).getParent());
            Files.writeString(path(name), content);
        }
    }

    private static State state(String name, Change change) {
        return new State(name, change);
    }

    /** Without the history it is not known that a person had wanted this one to end. */
    private static State withoutRows(State state) {
        return state.with("draining", "queued");
    }

    /** All of them take a while. */
    static Stream<State> states() {
        return allStates().filter(state -> Boolean.getBoolean("fanout.ci") || ALWAYS.contains(state.name));
    }

    private static Stream<State> allStates() {
        return Stream.of(
                state("as it was", _ -> {}),
                withoutRows(state("no history", Crawls::withoutHistory).checked("history.db: is missing")),
                withoutRows(state("no history but its log", crawls -> Files.delete(crawls.path("history.db")))
                        .checked("history.db: is missing, and history.db-wal is there")),
                withoutRows(state("a history without its log", crawls -> {
                    Files.delete(crawls.path("history.db-wal"));
                    Files.delete(crawls.path("history.db-shm"));
                }).checked("exhausted: is not in the history", "queued: is not in the history")),
                withoutRows(state("an empty history", crawls -> {
                    crawls.withoutHistory();
                    Files.createFile(crawls.path("history.db"));
                }).checked("running: is not in the history")),
                state("an older history",
                        crawls -> crawls.sql("DELETE FROM crawl WHERE id IN ('" + crawls.id("maxPages")
                                + "', '" + crawls.id("cancelled") + "', '" + crawls.id("running") + "', '"
                                + crawls.id("queued2")
                                + "')"))
                        .checked("maxPages: is not in the history", "queued2: is not in the history"),
                state("an older history in which crawls run that have ended",
                        crawls -> crawls.sql("UPDATE crawl SET state = "
                                + "'running', finished_at = NULL WHERE state IN ('finished', 'cancelled')")),
                withoutRows(state("a history that is no database", crawls -> {
                    crawls.withoutHistory();
                    Files.write(crawls.path("history.db"), new byte[5_000]);
                    Files.writeString(crawls.path("history.db"), "no database", StandardOpenOption.WRITE);
                }).checked("history.db: is damaged")),
                withoutRows(state("a history with a damaged page", crawls -> {
                    crawls.sql("PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA journal_mode = DELETE");
                    byte[] bytes = Files.readAllBytes(crawls.path("history.db"));
                    Arrays.fill(bytes, 4_096, 8_192, (byte) 0x5a);
                    Files.write(crawls.path("history.db"), bytes);
                }).checked("history.db: is damaged")),
                state("a history of a newer version", crawls -> crawls.sql("PRAGMA user_version = 99"))
                        .checked("history.db: the history was written by a newer version")
                        .refused("a newer version"),
                state("a database of another program", crawls -> {
                    crawls.withoutHistory();
                    crawls.sql("CREATE TABLE notes (text TEXT)");
                }).checked("history.db: history.db is a database of another program").refused("another program"),
                state("a folder in place of the history", crawls -> {
                    crawls.withoutHistory();
                    crawls.write("history.db/of-somebody", "mine");
                }).checked("history.db: is a folder").refused("is a folder"),
                state("a file in place of the folder of crawls", crawls -> {
                    Files.move(crawls.path("crawls"), crawls.path("crawls-moved"));
                    crawls.write("crawls", "a file");
                }).checked("crawls: is a file").refused("crawls"),
                state("folders of others among the crawls", crawls -> {
                    crawls.write("crawls/lost+found/#123", "found");
                    crawls.write("crawls/my-backup/" + crawls.id("maxPages") + "/pages.jsonl", "{}\n");
                    crawls.write("crawls/" + crawls.id("maxPages").toUpperCase(Locale.ROOT) + "/job", "name: x");
                    crawls.write("crawls/notes.txt", "notes");
                }),
                state("files of others in the data folder", crawls -> {
                    crawls.write("notes.txt", "notes");
                    crawls.write("backup/history.db", "not ours");
                }),
                state("a file with the name of a crawl", crawls -> crawls.write("crawls/0mx59zzzzzzzzzzzz", "file")),
                state("a link with the name of a crawl", crawls -> {
                    crawls.write("elsewhere/job", "name: linked");
                    Files.createSymbolicLink(crawls.path("crawls/0mx59zzzzzzzzzzzz"), crawls.path("elsewhere"));
                }),
                state("links in place of folders of crawls", crawls -> {
                    for (String crawl : List.of("exhausted", "running", "draining", "queued")) {
                        linkInstead(crawls.of(crawl), crawls.path("elsewhere/" + crawl));
                    }
                }).checked("exhausted: is a symbolic link", "running: is a symbolic link",
                        "draining: is a symbolic link", "queued: is a symbolic link")
                        .with("running", "lost")
                        .with("draining", "lost")
                        .with("queued", "lost"),
                state("a file in place of the folder of a crawl", crawls -> {
                    delete(crawls.of("exhausted"));
                    Files.writeString(crawls.of("exhausted"), "of somebody");
                }).checked("exhausted: is a file"),
                state("a link in place of the folder of crawls",
                        crawls -> linkInstead(crawls.path("crawls"), crawls.path("elsewhere/crawls")))
                        .checked("crawls: is a symbolic link")
                        .refused("crawls: is a symbolic link"),
                state("a link in place of what is set aside", crawls -> {
                    Files.createDirectories(crawls.path("elsewhere"));
                    Files.createSymbolicLink(crawls.path("orphaned"), crawls.path("elsewhere"));
                    crawls.write("crawls/0mx59zzzzzzzzzzzz/pages.jsonl", "{}\n");
                }).checked("orphaned: is a symbolic link", "crawls/0mx59zzzzzzzzzzzz: has no job"),
                state("a link in place of the history",
                        crawls -> linkInstead(crawls.path("history.db"), crawls.path("elsewhere/history.db")))
                        .checked("history.db: is a symbolic link")
                        .refused("history.db is a symbolic link"),
                state("a link in place of the history's log",
                        crawls -> linkInstead(crawls.path("history.db-wal"), crawls.path("elsewhere/history.db-wal")))
                        .checked("history.db-wal: is a symbolic link")
                        .refused("history.db-wal is a symbolic link"),
                state("an empty folder with the name of a crawl",
                        crawls -> Files.createDirectory(crawls.path("crawls/0mx59zzzzzzzzzzzz")))
                        .checked("crawls/0mx59zzzzzzzzzzzz: has no job"),
                state("lines without a job, twice", crawls -> {
                    crawls.write("crawls/0mx59zzzzzzzzzzzz/pages.jsonl", "{}\n");
                    crawls.write("orphaned/0mx59zzzzzzzzzzzz/pages.jsonl", "{\"earlier\": 1}\n");
                }).checked("crawls/0mx59zzzzzzzzzzzz: has no job"),
                state("nowhere to set a folder aside", crawls -> {
                    crawls.write("crawls/0mx59zzzzzzzzzzzz/pages.jsonl", "{}\n");
                    crawls.write("orphaned", "a file");
                }).checked("orphaned: is a file", "crawls/0mx59zzzzzzzzzzzz: has no job"),
                state("a folder in place of a job", crawls -> crawls.write("crawls/0mx59zzzzzzzzzzzz/job/a", "a"))
                        .checked("crawls/0mx59zzzzzzzzzzzz: has no job"),
                state("a job that a crash cut off before it was submitted",
                        crawls -> crawls.write("crawls/0mx59zzzzzzzzzzzz/job.tmp", "name: ha"))
                        .checked("crawls/0mx59zzzzzzzzzzzz: has no job"),
                state("a job that was not submitted to its end",
                        crawls -> Files.copy(crawls.of("queued").resolve("job"),
                                Files.createDirectory(crawls.path("crawls/0mx59zzzzzzzzzzzz")).resolve("job")))
                        .checked("crawls/0mx59zzzzzzzzzzzz: is not in the history")
                        .with("0mx59zzzzzzzzzzzz", "queued"),
                state("a report and lines, and no history of them", crawls -> {
                    Path half = Files.createDirectory(crawls.path("crawls/0mx59zzzzzzzzzzzz"));
                    for (String file : List.of("job", "report.json", "pages.jsonl")) {
                        Files.copy(crawls.of("exhausted").resolve(file), half.resolve(file));
                    }
                }).checked("crawls/0mx59zzzzzzzzzzzz: is not in the history").with("0mx59zzzzzzzzzzzz", "finished"),
                state("lines, and neither a report nor a journal nor a history of them", crawls -> {
                    Path half = Files.createDirectory(crawls.path("crawls/0mx59zzzzzzzzzzzz"));
                    for (String file : List.of("job", "pages.jsonl")) {
                        Files.copy(crawls.of("exhausted").resolve(file), half.resolve(file));
                    }
                }).checked("crawls/0mx59zzzzzzzzzzzz: is not in the history",
                        "crawls/0mx59zzzzzzzzzzzz: has no journal")
                        .with("0mx59zzzzzzzzzzzz", "lost"),
                state("a report that is no JSON, and no history", crawls -> {
                    crawls.withoutHistory();
                    Files.writeString(crawls.of("exhausted").resolve("report.json"), "{");
                }).checked("history.db: is missing").with("exhausted", "lost").with("draining", "queued"),
                state("a job that is not valid here, and no history", crawls -> {
                    crawls.withoutHistory();
                    Files.writeString(crawls.of("rules").resolve("job"), "name: [");
                    Files.writeString(crawls.of("running").resolve("job"), "name: old\nunknownKey: 1");
                }).checked("history.db: is missing").with("draining", "queued").with("running", "failed"),
                state("half a copy", crawls -> {
                    delete(crawls.of("rules"));
                    delete(crawls.of("running"));
                    delete(crawls.of("queued2"));
                }).checked("rules: is missing", "running: is missing").with("running", "lost").with("queued2", "lost"),
                state("a crawl that ran without its journal",
                        crawls -> Files.delete(crawls.of("running").resolve("crawl.journal")))
                        .checked("running: has no journal")
                        .with("running", "lost"),
                state("a journal with a torn end", crawls -> cut(crawls.of("running").resolve("crawl.journal"), 3))
                        .checked("running/crawl.journal: its end is damaged"),
                state("a journal that is damaged before its end", crawls -> {
                    Path journal = crawls.of("running").resolve("crawl.journal");
                    byte[] bytes = Files.readAllBytes(journal);
                    bytes[60] ^= 1;
                    Files.write(journal, bytes);
                }).checked("running/crawl.journal: is damaged").with("running", "lost"),
                state("outputs that are older than their journal",
                        crawls -> cut(crawls.of("running").resolve("pages.jsonl"), 900))
                        .checked("running/pages.jsonl: has ")
                        .with("running", "lost"),
                state("folders in place of lines", crawls -> {
                    crawls.write("crawls/" + crawls.id("draining") + "/lines",
                            Files.readString(crawls.of("draining").resolve("pages.jsonl")));
                    Files.delete(crawls.of("draining").resolve("pages.jsonl"));
                    Files.createDirectory(crawls.of("draining").resolve("pages.jsonl"));
                }).checked("draining/pages.jsonl: is a folder").with("draining", "lost"),
                odd("links in place of files", OddFile.LINK),
                odd("pipes in place of files", OddFile.PIPE),
                odd("sockets in place of files", OddFile.SOCKET),
                odd("folders in place of files", OddFile.FOLDER),
                withoutRows(state("links in place of files, and no history", crawls -> {
                    crawls.withoutHistory();
                    replace(crawls, OddFile.LINK, "exhausted/report.json", "running/pages.jsonl", "queued/limits.json");
                    OddFile.LINK.replace(crawls.of("queued2").resolve("job"),
                            Files.move(crawls.of("queued2").resolve("job"), crawls.path("target2.txt")));
                }).checked("exhausted/report.json: is a symbolic link", "running/pages.jsonl: is a symbolic link",
                        "queued/limits.json: is a symbolic link", "queued2/job: is a symbolic link",
                        "queued2: has no job", "history.db: is missing"))
                        .with("exhausted", "lost")
                        .with("running", "lost")
                        .with("queued", "lost")
                        .with("queued2", "gone"),
                state("files that are larger than the memory", crawls -> {
                    for (String file : List.of("running/job", "queued/job", "queued2/limits.json",
                            "draining/report.json",
                            "running2/report.json")) {
                        lengthen(crawls.file(file));
                    }
                }).checked("running/job: is longer than 1048576 bytes", "queued/job: is longer than",
                        "queued2/limits.json: is longer than", "draining/report.json: is longer than 16777216 bytes",
                        "running2/report.json: is longer than")
                        .with("running", "lost")
                        .with("queued", "lost")
                        .with("queued2", "lost"),
                state("files that are damaged", crawls -> {
                    Files.writeString(crawls.file("exhausted/report.json"), "{\"x\": ".repeat(100_000));
                    cut(crawls.file("rules/report.json"), 9);
                    Files.writeString(crawls.file("json/report.json"), "{\"accounting\": [], \"finishReason\": 1}");
                    Files.writeString(crawls.file("scope/series.json"), "[" + "[],".repeat(1_000_000) + "[]]");
                    Files.writeString(crawls.file("sitemaps/job"), "[".repeat(1 << 20));
                    Files.writeString(crawls.file("maxPages/pages.jsonl"), "\0\1\2\n", StandardOpenOption.APPEND);
                    lengthen(crawls.file("cancelled/items.jsonl"));
                    Files.writeString(crawls.file("running/report.json"), "{\"accounting\": [], \"finishReason\": 1}");
                    Files.writeString(crawls.file("running2/report.json"), "[".repeat(100_000));
                    Files.writeString(crawls.file("draining/report.json"), "{\"finishReason\": \"exhausted\"}");
                    Files.writeString(crawls.file("queued/limits.json"), "{");
                    Files.writeString(crawls.file("queued2/job"), "[".repeat(1 << 20));
                }).checked("exhausted/report.json: is nested deeper than 50", "rules/report.json: is not JSON, at byte",
                        "json/report.json: is damaged: accounting is not an object",
                        "scope/series.json: is damaged: a point", "sitemaps/job: is neither YAML nor JSON",
                        "maxPages/pages.jsonl: has a line at byte", "cancelled/items.jsonl: has a line at byte",
                        "running/report.json: is damaged", "running2/report.json: is not a JSON object",
                        "draining/report.json: is damaged: accounting is missing",
                        "queued/limits.json: is not JSON", "queued2/job: is neither YAML nor JSON")
                        .with("queued", "lost")
                        .with("queued2", "failed"),
                state("files that are damaged, and no history", crawls -> {
                    crawls.withoutHistory();
                    Files.writeString(crawls.file("exhausted/report.json"), "[".repeat(1_000_000));
                    Files.writeString(crawls.file("rules/report.json"),
                            "{\"finishReason\": \"exhausted\", \"accounting\": {\"ok\": \"all\"}}");
                    Files.writeString(crawls.file("json/job"), "[".repeat(1 << 20));
                    Files.writeString(crawls.file("running/limits.json"), "[1");
                }).checked("history.db: is missing", "exhausted/report.json: is not a JSON object",
                        "rules/report.json: is damaged: ok is not a number", "json/job: is neither",
                        "running/limits.json: is not a JSON object")
                        .with("exhausted", "lost")
                        .with("rules", "lost")
                        .with("running", "lost")
                        .with("draining", "queued"),
                state("a link in place of the lock",
                        crawls -> replace(crawls, OddFile.LINK, crawls.path("lock")))
                        .checked("lock: is a symbolic link")
                        .refused("lock: is a symbolic link"),
                state("a pipe in place of the log of requests",
                        crawls -> replace(crawls, OddFile.PIPE, crawls.path("access.jsonl")))
                        .checked("access.jsonl: is a pipe"),
                state("a pipe in place of the history", crawls -> {
                    crawls.withoutHistory();
                    replace(crawls, OddFile.PIPE, crawls.path("history.db"));
                }).checked("history.db: is a pipe").refused("history.db"),
                state("outputs of a finished crawl that were cut off",
                        crawls -> cut(crawls.of("scope").resolve("pages.jsonl"), 9))
                        .checked("scope/pages.jsonl: ends in the middle of a line"),
                state("a deletion that a crash ended",
                        crawls -> Files.move(crawls.of("rules"),
                                crawls.path("crawls/" + crawls.id("rules") + ".deleted")))
                        .with("rules", "gone"),
                state("a deleted crawl with a file of somebody else", crawls -> {
                    crawls.write("crawls/" + crawls.id("rules") + "/notes.txt", "mine");
                    Files.move(crawls.of("rules"), crawls.path("crawls/" + crawls.id("rules") + ".deleted"));
                }).with("rules", "gone"),
                state("a deletion that cannot be ended", crawls -> {
                    Files.move(crawls.of("rules"), crawls.path("crawls/" + crawls.id("rules") + ".deleted"));
                    crawls.write("crawls/" + crawls.id("rules") + ".deleted/notes.txt", "mine");
                    crawls.write("orphaned", "a file");
                }).checked("orphaned: is a file").with("rules", "gone"),
                state("a file of somebody else in a crawl's folder",
                        crawls -> crawls.write("crawls/" + crawls.id("exhausted") + "/notes.txt", "mine")),
                state("everything open to everybody", crawls -> {
                    try (Stream<Path> all = Files.walk(crawls.data())) {
                        for (Path path : all.toList()) {
                            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
                        }
                    }
                }).checked("crawls: is open to every user", "history.db: is open to every user"),
                state("nothing at all", crawls -> delete(crawls.data())).checked(".: does not exist").with("*", "gone"),
                state("a file", crawls -> {
                    delete(crawls.data());
                    Files.writeString(crawls.data(), "a file");
                }).checked(".: is a file").refused(""));
    }

    /** Crawls of each state have something else in place of a file, of each kind of file; what has ended stays so. */
    private static State odd(String name, OddFile odd) {
        List<String> places = List.of("running/pages.jsonl", "running2/crawl.journal", "draining/report.json",
                "queued/job", "queued2/job.tmp", "exhausted/series.json", "rules/items.jsonl", "json/report.json",
                "scope/job");
        return state(name, crawls -> replace(crawls, odd, places.toArray(String[]::new)))
                .checked(places.stream().map(place -> place + ": " + odd.words()).toArray(String[]::new))
                .with("running", "lost")
                .with("running2", "lost")
                .with("draining", "lost")
                .with("queued", "lost")
                .with("queued2", "lost");
    }

    private static void replace(Crawls crawls, OddFile odd, String... places) throws IOException {
        for (String place : places) {
            replace(crawls, odd, crawls.file(place));
        }
    }

    /** The target has no whole line. */
    private static void replace(Crawls crawls, OddFile odd, Path file) throws IOException {
        odd.replace(file, Files.writeString(crawls.path("target.txt"), "not the service's"));
    }

    /** As who moves something to another disk. */
    private static void linkInstead(Path place, Path target) throws IOException {
        Files.createDirectories(target.getParent());
        Files.move(place, target);
        Files.createSymbolicLink(place, target);
    }

    /** Takes no space on the disk. */
    private static void lengthen(Path file) throws IOException {
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(3L << 30);
        }
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(each);
            }
        }
    }

    private static void cut(Path file, int bytes) throws IOException {
        byte[] content = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(content, content.length - bytes));
    }
}
