package fanout.app.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.config.document.ShownDocument;
import fanout.journal.Journal;
import fanout.journal.JournalException;
import fanout.journal.Position;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks at a data folder, and reports what is in it and what is wrong with it. Nothing in the folder is changed, and
 * no lock is taken: it may be done while a service uses the folder. The history of a folder that no service uses is
 * read from a copy, because SQLite writes next to what it opens. Confined to one thread, and used once.
 */
public final class DataCheck {

    private static final long LITTLE_SPACE = 256L << 20;
    private static final int MOST_ROWS_TOLD = 10;

    private final Path data;
    private final List<String> facts = new ArrayList<>();
    private final List<Finding> problems = new ArrayList<>();
    private final Map<String, CrawlState> rows = new TreeMap<>();
    private boolean isHistoryRead;

    private DataCheck(Path data) {
        this.data = data;
    }

    /**
     * Something that is wrong.
     *
     * @param where relative to the data folder
     * @param cure what a person can do, or what the next start does
     * @param isFatal whether no service can start with the folder
     */
    public record Finding(String where, String what, String cure, boolean isFatal) {}

    /**
     * What was found.
     *
     * @param facts one line each
     * @param problems the fatal ones first
     */
    public record Result(List<String> facts, List<Finding> problems) {

        /** Whether a service can start with the folder. */
        public boolean isUsable() {
            return problems.stream().noneMatch(Finding::isFatal);
        }
    }

    /** Looks at a folder. */
    public static Result of(Path data) {
        DataCheck check = new DataCheck(resolved(data));
        check.run();
        check.problems.sort(Comparator.comparing(problem -> !problem.isFatal));
        return new Result(List.copyOf(check.facts), List.copyOf(check.problems));
    }

    /** Only the folder itself may be a link. */
    private static Path resolved(Path data) {
        try {
            return data.toRealPath();
        } catch (IOException e) {
            return data; // it is missing, or cannot be read, which is found anyway
        }
    }

    private void run() {
        if (!Files.isDirectory(data)) {
            fatal(".", Files.exists(data) ? "is a file" : "does not exist",
                    Files.exists(data) ? "name a folder"
                            : "name the folder of a service; a service that starts creates one");
            return;
        }
        boolean isUsed = isUsed();
        facts.add(isUsed ? "a service uses the folder" : "no service uses the folder");
        disk();
        permissions();
        history(isUsed);
        crawls(isUsed);
    }

    private void fatal(String where, String what, String cure) {
        problems.add(new Finding(where, what, cure, true));
    }

    private void wrong(String where, String what, String cure) {
        problems.add(new Finding(where, what, cure, false));
    }

    /**
     * Linux names the files that are locked; elsewhere it is not known, and the files are read as if a service used
     * them.
     */
    private boolean isUsed() {
        Path locks = Path.of("/proc/locks");
        try {
            String inode = ":" + Files.getAttribute(DataFolder.lockFile(data), "unix:ino") + " ";
            return Files.readAllLines(locks)
                    .stream()
                    .anyMatch(line -> line.contains(" WRITE ") && line.contains(inode));
        } catch (NoSuchFileException e) {
            return Files.exists(DataFolder.lockFile(data));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return true;
        }
    }

    private void disk() {
        try {
            FileStore store = Files.getFileStore(data);
            facts.add(megabytes(store.getUsableSpace()) + " are free on its disk");
            if (store.isReadOnly()) {
                fatal(".", "lies on a file system that is read-only", "mount it for writing");
            } else if (store.getUsableSpace() < LITTLE_SPACE) {
                wrong(".", "has " + megabytes(store.getUsableSpace()) + " of disk left",
                        "delete crawls, lower retention.maxBytes, or give the disk more");
            }
        } catch (IOException e) {
            wrong(".", "its disk cannot be asked for its size: " + e.getMessage(), "look at the machine's log");
        }
    }

    private void permissions() {
        Path crawls = DataFolder.crawls(data);
        OwnFiles.oddFolder(crawls)
                .ifPresent(odd -> fatal("crawls", odd, "move it away; the next start makes a folder"
                        + (odd.contains("link") ? ", in which another disk may be mounted" : "")));
        OwnFiles.oddFolder(DataFolder.orphaned(data))
                .ifPresent(odd -> wrong("orphaned", odd, "move it away: nothing is set aside while it is there"));
        for (Path path : Stream.of(DataFolder.lockFile(data), data.resolve("access.jsonl")).toList()) {
            OwnFiles.odd(path)
                    .ifPresent(odd -> fatal(name(path), odd, "move it away; the next start makes a file in its place"));
        }
        OwnFiles.odd(DataFolder.probeFile(data))
                .ifPresent(odd -> wrong("crawls/.probe", odd, "move it away: no crawl is taken while it is there"));
        for (Path path : Stream.of(data, crawls).filter(DataCheck::isFolder).toList()) {
            if (!(Files.isReadable(path) && Files.isWritable(path) && Files.isExecutable(path))) {
                fatal(name(path), "cannot be read and written by this user",
                        "give it to the user that runs the service: chown -R USER " + data);
            }
        }
        try {
            if (OwnFiles.isOpenToAll(data)) {
                for (Path path : Stream.of(crawls, data.resolve("history.db"), data.resolve("access.jsonl"))
                        .filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(path))
                        .toList()) {
                    if (OwnFiles.isOpenToAll(path)) {
                        wrong(name(path), "is open to every user of this machine", "chmod -R go= " + data);
                    }
                }
            }
        } catch (IOException e) {
            wrong(".", "its permissions cannot be read: " + e.getMessage(), "look at the machine's log");
        }
    }

    private static boolean isFolder(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    private String name(Path path) {
        return path.equals(data) ? "." : data.relativize(path).toString();
    }

    // --- the history

    private void history(boolean isUsed) {
        Path file = data.resolve("history.db");
        for (String part : HistoryDatabase.PARTS) { // a pipe that is copied waits for its other end
            Path path = data.resolve("history.db" + part);
            Optional<String> odd = OwnFiles.odd(path);
            if (odd.isPresent()) {
                fatal(name(path), odd.get(), "move it away");
                return;
            }
        }
        if (!Files.exists(file)) {
            if (Files.exists(data.resolve("history.db-wal"))) {
                wrong("history.db", "is missing, and history.db-wal is there, which has a part of it",
                        "restore both from the same backup, or move history.db-wal away: the next start makes a "
                                + "history of the folders");
            } else if (!ids("").isEmpty()) {
                wrong("history.db", "is missing",
                        "restore it from a backup, or let the next start make one of the folders");
            }
            return;
        }
        try {
            if (isUsed) {
                read("jdbc:sqlite:file:" + file.toAbsolutePath() + "?mode=ro");
            } else {
                readCopy(file);
            }
        } catch (SQLException e) {
            if (HistoryDatabase.isDamage(e)) {
                wrong("history.db", "is damaged: " + e.getMessage(),
                        "restore it from a backup; otherwise the next start keeps "
                                + "it under another name, and makes one of the folders");
            } else {
                fatal("history.db", "cannot be read: " + e.getMessage(), "give it to the user that runs the service");
            }
        } catch (IOException e) {
            fatal("history.db", String.valueOf(e.getMessage()), "see there");
        }
    }

    private void readCopy(Path file) throws SQLException, IOException {
        Path copies = Files.createTempDirectory("scraper-check");
        Path copy = copies.resolve("history.db");
        Path wal = copies.resolve("history.db-wal");
        try {
            Files.copy(file, copy);
            if (Files.exists(data.resolve("history.db-wal"))) {
                Files.copy(data.resolve("history.db-wal"), wal);
            }
            read("jdbc:sqlite:" + copy);
        } finally {
            for (Path each : List.of(copy, wal, copies.resolve("history.db-shm"), copies)) {
                Files.deleteIfExists(each);
            }
        }
    }

    private void read(String url) throws SQLException, IOException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            HistoryDatabase.check(statement);
            Migrations.check(connection);
            if (Migrations.isOld(connection)) {
                facts.add(
                        "the history was written by an earlier version; the next start converts it, and that version "
                                + "cannot read it then");
            }
            if (Migrations.isEmpty(connection)) {
                return; // as if it were missing
            }
            try (ResultSet found = statement.executeQuery("SELECT id, state FROM crawl WHERE " + History.OURS)) {
                while (found.next()) {
                    rows.put(found.getString("id"), CrawlState.of(found.getString("state")).orElseThrow());
                }
            }
            foreignRows(statement);
            isHistoryRead = true;
        }
    }

    private void foreignRows(Statement statement) throws SQLException {
        try (ResultSet found = statement.executeQuery(History.Foreign.QUERY)) {
            long more = 0;
            for (int i = 0; found.next(); i++) {
                if (i < MOST_ROWS_TOLD) {
                    wrong("history.db", "has what the service did not write: " + History.Foreign.read(found),
                            "restore it from a backup; the service does not use the row");
                } else {
                    more++;
                }
            }
            if (more > 0) {
                wrong("history.db", "has " + more + " more such rows", "see there");
            }
        }
    }

    // --- the folders

    private List<String> ids(String suffix) {
        try {
            return DataFolder.ids(data, suffix);
        } catch (IOException e) {
            return List.of(); // that it cannot be read is told elsewhere
        }
    }

    private void crawls(boolean isUsed) {
        List<String> folders = ids("");
        Map<String, Long> states =
                rows.values()
                        .stream()
                        .collect(Collectors.groupingBy(CrawlState::label, TreeMap::new, Collectors.counting()));
        facts.add("crawls in the history: " + rows.size() + (states.isEmpty() ? ""
                : states.entrySet()
                        .stream()
                        .map(state -> state.getValue() + " " + state.getKey())
                        .collect(Collectors.joining(", ", " (", ")"))));
        long bytes = 0;
        for (String id : folders) {
            bytes += folder(id, isUsed);
        }
        facts.add("folders of crawls: " + folders.size() + ", which take " + megabytes(bytes));
        List<String> deleted = ids(".deleted");
        rows.keySet()
                .stream()
                .filter(id -> !folders.contains(id) && !deleted.contains(id))
                .forEach(this::withoutFolder);
        deleted.forEach(id -> facts.add("crawls/" + id + ".deleted is left of a deletion; the next start ends it"));
        foreign(folders);
        if (isFolder(DataFolder.orphaned(data))) {
            facts.add("orphaned/ has what a start has set aside: look through it, then delete it");
        }
    }

    private void withoutFolder(String id) {
        if (OwnFiles.oddFolder(DataFolder.crawls(data)).isPresent()) {
            return; // that is told
        }
        new CrawlFolder(DataFolder.crawls(data).resolve(id)).oddFolder()
                .ifPresentOrElse(
                        odd -> wrong("crawls/" + id, odd,
                                "put the folder itself there, or restore it from a backup: the service uses regular "
                                        + "folders only"),
                        () -> wrong("crawls/" + id, "is missing, and the history has the crawl",
                                "restore the folder from a backup, or delete the crawl by the API"));
    }

    private void foreign(List<String> ours) {
        if (!isFolder(DataFolder.crawls(data))) {
            return; // it does not exist yet, or it is told what it is
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(DataFolder.crawls(data))) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (!ours.contains(name) && !name.endsWith(".deleted") && !name.equals(".probe")
                        && !rows.containsKey(name)) {
                    facts.add("crawls/" + name + " is not the service's, which does not touch it");
                }
            }
        } catch (IOException e) {
            // it is told elsewhere that it cannot be read
        }
    }

    /** Returns how much it takes. */
    private long folder(String id, boolean isUsed) {
        CrawlFolder folder = new CrawlFolder(DataFolder.crawls(data).resolve(id));
        String where = "crawls/" + id;
        CrawlState state = rows.get(id);
        try {
            if (!Files.isRegularFile(folder.job(), LinkOption.NOFOLLOW_LINKS)) {
                wrong(where, "has no job", state == null ? "the next start moves it to orphaned/"
                        : "restore it from a backup: without it the crawl cannot be resumed");
            } else if (!Files.isReadable(folder.job())) {
                wrong(where + "/job", "cannot be read", "give it to the user that runs the service");
            } else if (state == null && !(isUsed && isHistoryRead)) {
                wrong(where, "is not in the history", "the next start adds it, as its files show it to be");
            } else if (state == null) {
                wrong(where, "is not in the history",
                        "if it is still there in a minute, restart the service, which adds it");
            }
            Map<String, String> odds = folder.odds();
            odds.forEach((name, odd) -> wrong(where + "/" + name, odd,
                    "restore it from a backup, or move it away: the service does not use it"));
            boolean isBeingWritten = isUsed && (state == null || !state.isEnded());
            if (!isBeingWritten && odds.isEmpty()) {
                files(where, folder, state != null && state.isEnded());
            }
            return folder.bytes();
        } catch (IOException e) {
            wrong(where, "cannot be read: " + e.getMessage(), "give it to the user that runs the service");
            return 0;
        }
    }

    private void files(String where, CrawlFolder folder, boolean isEnded) throws IOException {
        if (OwnFiles.size(folder.journal()) > 0) {
            journal(where, folder);
        } else if (!isEnded && Files.exists(folder.pages()) && !Files.exists(folder.report())) {
            wrong(where, "has no journal, and had not ended",
                    "restore the folder from a backup; otherwise the crawl is lost");
        }
        damaged(where, "restore it from a backup: without it the crawl cannot be resumed", () -> job(folder.job()));
        damaged(where, "restore it from a backup, or resume the crawl with limits", () -> KeptJson
                .checkLimits(folder.limits(), OwnFiles.read(folder.limits(), CrawlFolder.MOST_JOB_BYTES)));
        damaged(where, "restore it from a backup, or move it away: the crawl has no report then",
                () -> KeptReport.read(folder));
        damaged(where, "restore it from a backup, or move it away: the crawl has no charts then", () -> KeptJson
                .checkSeries(folder.series(), OwnFiles.read(folder.series(), CrawlFolder.MOST_BYTES)));
        if (isEnded) {
            damaged(where, "restore it from a backup", () -> lines(folder.pages()));
            damaged(where, "restore it from a backup", () -> lines(folder.items()));
            damaged(where, "restore it from a backup", () -> lines(folder.links()));
            damaged(where, "restore it from a backup", () -> lines(folder.bodyLines()));
        }
    }

    /** A look at a file, which fails if it is damaged or missing. */
    @FunctionalInterface
    private interface Look {
        void at() throws IOException;
    }

    private void damaged(String where, String cure, Look look) throws IOException {
        try {
            look.at();
        } catch (OwnFiles.UnusableException e) {
            wrong(where + "/" + Path.of(e.getFile()).getFileName(), e.what(), cure);
        } catch (NoSuchFileException e) {
            // it is told elsewhere if it must be there
        }
    }

    private static void job(Path job) throws IOException {
        String text = new String(OwnFiles.read(job, CrawlFolder.MOST_JOB_BYTES), UTF_8);
        if (ShownDocument.of(text).isEmpty()) {
            throw OwnFiles.damaged(job, ShownDocument.UNREADABLE);
        }
    }

    private static void lines(Path path) throws IOException {
        try (FileChannel file = OwnFiles.read(path)) {
            LineScan scan = new LineScan(path, file, 0, file.size());
            while (scan.next() != null) {
                // until the last one, or one that is damaged
            }
            if (scan.position() < file.size()) {
                throw OwnFiles.damaged(path, "ends in the middle of a line, at byte " + file.size());
            }
        }
    }

    private void journal(String where, CrawlFolder folder) throws IOException {
        try {
            Journal.Inspection journal = Journal.inspect(folder.journal(), LinkOption.NOFOLLOW_LINKS);
            List<Position> parts = journal.committed().parts();
            if (parts.size() >= 2) { // the sinks of a crawl: pages, items, what only watches, links, files
                shorter(where, folder.pages(), parts.get(0));
                shorter(where, folder.items(), parts.get(1));
            }
            if (parts.size() > CrawlFolder.LINKS_PART) {
                shorter(where, folder.links(), parts.get(CrawlFolder.LINKS_PART));
            }
            if (parts.size() > CrawlFolder.FILES_PART) {
                shorter(where, folder.bodyLines(), parts.get(CrawlFolder.FILES_PART));
            }
            journal.loss()
                    .ifPresent(loss -> wrong(where + "/crawl.journal", "its end is damaged",
                            "none is needed: what is lost is fetched again"));
        } catch (JournalException e) {
            wrong(where + "/crawl.journal", "is damaged",
                    "restore the folder from a backup; otherwise it cannot be resumed");
        }
    }

    private void shorter(String where, Path file, Position committed) throws IOException {
        long size = OwnFiles.size(file);
        if (!committed.place().isEmpty() && size < committed.bytes()) {
            wrong(where + "/" + file.getFileName(),
                    "has " + size + " bytes, and the journal knows of " + committed.bytes(),
                    "restore the folder from a backup whose journal is not younger than its outputs; otherwise it "
                            + "cannot be resumed");
        }
    }

    private static String megabytes(long bytes) {
        return Optional.of(bytes / 1_000_000)
                .filter(whole -> whole > 0)
                .map(whole -> whole + " MB")
                .orElse(bytes / 1_000 + " kB");
    }
}
