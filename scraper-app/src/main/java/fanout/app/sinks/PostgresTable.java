package fanout.app.sinks;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.config.Output;
import fanout.app.json.Json;
import fanout.journal.JournalException;
import fanout.journal.JournalException.Refusal;
import fanout.journal.Position;
import fanout.outcome.Outcome;
import fanout.sink.ResumableSink;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * A table of a PostgreSQL database, which has each row of a crawl once, whatever is killed.
 *
 * <p>Three numbers of rows make that so, and none is ahead of the next: those that the database has, those that the
 * journal knows, those in the {@link Spool}. A row is written to the spool, and commits there with the journal. Only
 * then, in {@link #recorded}, it is sent. The database keeps the first number itself, and changes it in the transaction
 * that writes the rows. A crawl that resumes asks for it, and sends again from there what the journal knows.
 *
 * <p>A transaction may come through although its connection broke, or its process was killed. Therefore each begins by
 * moving that number on from where it is thought to be, which fails in one of two that try to.
 *
 * <p>A database that is away is asked again and again, for {@code patience} since it answered last; meanwhile the crawl
 * waits. Confined to one thread at a time, and an interrupt ends its waits. Owns its connection and its spool.
 */
public final class PostgresTable implements ResumableSink {

    private static final int BATCH_ROWS = 1_000;
    private static final int BATCH_CHARS = 1 << 20;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LEAVE = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(PostgresTable.class);
    private static final String THREAD = "postgresql";

    private final PostgresServer server;
    private final PostgresStatements statements;
    private final TableRows content;
    private final List<String> columns;
    private final Duration patience;
    private final Spool spool;
    private final boolean isResumable;
    private @Nullable Connection connection;
    private String crawl = UUID.randomUUID().toString();
    private boolean isReady;
    private boolean isBegun;
    private boolean isBroken;
    /** Where the spool ends that is resumed; negative for a new one. */
    private long resumedBytes = -1;
    private long sent;
    private long recorded;
    private long written;

    private PostgresTable(PostgresServer server, TableRows content, Duration patience, Spool spool,
            boolean isResumable) {
        this.server = server;
        this.statements = new PostgresStatements(server.output(), content.columns());
        this.content = content;
        this.columns = List.copyOf(content.columns().keySet());
        this.patience = patience;
        this.spool = spool;
        this.isResumable = isResumable;
        this.isReady = !isResumable;
    }

    /**
     * Connects to the database, and checks the table if it is there. Nothing is changed before the crawl begins.
     *
     * @param patience how long the database may be away
     * @param spool where rows lie that are on their way; empty if the crawl keeps no journal
     * @throws InterruptedIOException if the thread is interrupted
     * @throws IOException if the database cannot be used
     */
    public static PostgresTable open(Output.Postgres output, TableRows content, Duration patience,
            Optional<Path> spool) throws IOException {
        PostgresServer server = PostgresServer.of(output);
        Path file = spool.isPresent() ? spool.get() : Files.createTempFile("scraper-", ".spool");
        PostgresTable table = new PostgresTable(server, content, patience, new Spool(file), spool.isPresent());
        boolean isChecked = false;
        try {
            table.once(table.statements::check);
            isChecked = true;
            return table;
        } catch (SQLException e) {
            throw new IOException(PostgresServer.reason(e), e);
        } finally {
            if (!isChecked) {
                table.abandon();
            }
        }
    }

    /** A transaction, or a part of one. */
    private interface Work {
        void run(Connection connection) throws SQLException, IOException;
    }

    /** Does the work in a transaction of its own. After a failure there is no connection. */
    private void once(Work work) throws SQLException, IOException {
        boolean isDone = false;
        try {
            InterruptibleCall.within(patience, THREAD, () -> {
                Connection open = connected();
                work.run(open);
                open.commit();
                return true;
            });
            isDone = true;
        } finally {
            if (!isDone) {
                disconnect();
            }
        }
    }

    private Connection connected() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = server.connect(patience);
            connection = open;
            statements.prepare(open);
        }
        return open;
    }

    /** Does the work again and again until it succeeds, the database refuses it, or was away for too long. */
    private void patiently(Work work) throws IOException {
        long since = 0;
        Duration pause = FIRST_PAUSE;
        @Nullable
        SQLException last = null;
        while (true) {
            long before = sent;
            try {
                once(work);
                return;
            } catch (InterruptedIOException e) {
                throw last == null ? e : interrupted(last, e);
            } catch (SQLException e) {
                if (!PostgresServer.isPassing(e)) {
                    throw new IOException(PostgresServer.reason(e), e);
                }
                boolean isFirst = last == null || sent > before;
                since = isFirst ? System.nanoTime() : since;
                pause = isFirst ? FIRST_PAUSE : shorter(pause.multipliedBy(2), LONGEST_PAUSE);
                last = e;
                Duration left = patience.minusNanos(System.nanoTime() - since);
                if (!left.isPositive()) {
                    throw new IOException("the database was not available for " + patience.toMillis() + " ms: "
                            + PostgresServer.reason(e), e);
                }
                await(shorter(pause, left), e);
            }
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static void await(Duration pause, SQLException why) throws IOException {
        try {
            if (new CountDownLatch(1).await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IllegalStateException("a latch that is counted down by nothing");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(why, e);
        }
    }

    private static IOException interrupted(SQLException why, Exception interruption) {
        IOException failure = new IOException("interrupted while the database was not available: "
                + PostgresServer.reason(why), interruption);
        failure.addSuppressed(why);
        return failure;
    }

    @Override
    public void resumeAt(Position position) throws IOException {
        if (!position.equals(Position.NONE)) {
            String[] place = position.place().split(" ", 3);
            recorded = Long.parseLong(place[0]);
            resumedBytes = Long.parseLong(place[1]);
            crawl = place[2];
            written = recorded;
            refuseWhatIsMissing();
        }
        isReady = true;
    }

    /** The database has at most what the journal knows, and the spool has the rest. */
    private void refuseWhatIsMissing() throws IOException {
        List<Long> there = new ArrayList<>();
        try {
            once(open -> statements.rows(open, crawl).ifPresent(there::add));
        } catch (SQLException e) {
            throw new IOException(PostgresServer.reason(e), e);
        }
        if (there.isEmpty()) {
            throw missing(
                    "the database does not know this crawl: " + PostgresStatements.POSITIONS + " has no row of it");
        }
        sent = there.getFirst();
        if (sent > recorded) {
            throw missing("the database has " + sent + " rows of this crawl");
        }
        if (sent < recorded) {
            Optional<Spool.Head> head = spool.head();
            boolean isWhole = head.filter(found -> found.crawl().equals(crawl) && found.before() <= sent).isPresent()
                    && spool.bytes() >= resumedBytes;
            if (!isWhole) {
                throw missing(
                        "the database has " + sent + " rows of this crawl, and the file with those that follow is "
                                + "missing");
            }
        }
    }

    private JournalException missing(String found) {
        return new JournalException(Refusal.OUTPUT,
                server.output().place() + ": " + found + ", and " + recorded + " rows were committed");
    }

    private void begin() throws IOException {
        if (isBroken) {
            throw new IOException("an earlier write to this output has failed");
        }
        if (isBegun) {
            return;
        }
        if (!isReady) {
            throw new IllegalStateException(content.kind() + ": written before its crawl began");
        }
        isBroken = true;
        if (sent < recorded) {
            spool.cut(resumedBytes);
        } else {
            spool.begin(new Spool.Head(crawl, sent));
        }
        patiently(open -> statements.begin(open, crawl));
        isBroken = false;
        isBegun = true;
    }

    @Override
    public void write(Outcome outcome) throws IOException {
        List<? extends Map<String, ? extends @Nullable Object>> rows = content.rows().apply(outcome);
        if (rows.isEmpty()) {
            return;
        }
        begin();
        isBroken = true;
        if (sent == written) {
            spool.begin(new Spool.Head(crawl, sent)); // everything in it has arrived
        }
        for (Map<String, ? extends @Nullable Object> row : rows) {
            spool.line(PostgresColumns.json(columns, row));
            written++;
        }
        isBroken = false;
    }

    @Override
    public Position commit() throws IOException {
        begin();
        isBroken = true;
        spool.force();
        recorded = written;
        isBroken = false;
        return new Position(recorded + " " + spool.bytes() + " " + crawl, List.of());
    }

    @Override
    public void recorded() throws IOException {
        if (sent < recorded) {
            isBroken = true;
            patiently(this::send);
            isBroken = false;
        }
    }

    /** Nothing is sent that the journal does not know. Without a journal, everything is. */
    @Override
    public void flush() throws IOException {
        if (!isResumable) {
            commit();
            recorded();
        }
    }

    /** Sends what the database has not got. The work's own transaction is the last, which has nothing left to do. */
    private void send(Connection open) throws SQLException, IOException {
        sent = statements.rows(open, crawl)
                .orElseThrow(() -> new IOException("the database no longer knows this crawl: "
                        + PostgresStatements.POSITIONS + " has no row of it"));
        open.commit();
        long before = spool.head().map(Spool.Head::before).orElse(Long.MAX_VALUE);
        if (sent < before || sent > recorded) {
            throw new IOException(
                    "the database has " + sent + " rows of this crawl, and not " + before + " to " + recorded);
        }
        try (Spool.Rows rows = spool.rows()) {
            for (long row = before; row < sent; row++) {
                rows.next();
            }
            while (sent < recorded) {
                List<String> batch = new ArrayList<>();
                long chars = 0;
                while (sent + batch.size() < recorded && batch.size() < BATCH_ROWS && chars < BATCH_CHARS) {
                    batch.add(rows.next());
                    chars += batch.getLast().length();
                }
                if (!statements.advance(open, crawl, sent, sent + batch.size())) {
                    throw new SQLException("another transaction of this crawl has come through", "40001");
                }
                insert(open, batch);
                open.commit();
                sent += batch.size();
            }
        }
    }

    /** A row that is refused is named: by the page that it is of. */
    private void insert(Connection open, List<String> batch) throws SQLException, IOException {
        try {
            statements.insert(open, batch);
        } catch (SQLException e) {
            if (PostgresServer.isPassing(e)) {
                throw e;
            }
            open.rollback();
            throw new IOException(refusal(open, batch, e), e);
        }
    }

    /** Returns why rows were refused, and the page of the first that is. Nothing that this tries stays. */
    private String refusal(Connection open, List<String> batch, SQLException ofAll) {
        for (String row : batch) {
            try {
                statements.insert(open, List.of(row));
            } catch (SQLException e) {
                return PostgresServer.isPassing(e) ? PostgresServer.reason(ofAll)
                        : "the row of " + page(row) + ": " + PostgresServer.reason(e);
            }
        }
        return PostgresServer.reason(ofAll);
    }

    private static String page(String row) {
        Optional<JsonNode> read = Json.read(row.getBytes(UTF_8));
        return read.map(columns -> columns.path("_url").asString(columns.path("url").asString(""))).orElse("a page");
    }

    @Override
    public void close() throws IOException {
        boolean isDone = false;
        try {
            if (!isResumable && !isBroken) {
                flush();
            }
            isDone = true;
            leave();
        } finally {
            disconnect();
            spool.end(!isResumable || (isDone && isBegun && sent == recorded));
        }
    }

    /** Ends the connection without a word, which a broken one might wait for. */
    private void disconnect() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.abort(Runnable::run);
            } catch (SQLException e) {
                throw new IllegalStateException("the driver cannot abort a connection", e);
            }
        }
    }

    /** Takes leave of the server, if it listens; everything was said before. */
    private void leave() throws IOException {
        Connection open = connection;
        if (open != null && !isBroken) {
            try {
                InterruptibleCall.within(LEAVE, THREAD, () -> {
                    open.close();
                    return true;
                });
                connection = null;
            } catch (SQLException e) {
                LOG.debug("a connection that is no longer needed has failed", e);
            }
        }
    }

    private void abandon() throws IOException {
        disconnect();
        spool.end(!isResumable);
    }
}
