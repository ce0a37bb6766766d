package fanout.app.store;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every crawl that the service was given. A crawl that has ended ends no second time: writes name the states that they
 * come from.
 *
 * <p>Thread-safe. Failures of the database are {@code IOException}s.
 */
public final class History {

    private static final String LIVE = "(state IN ('queued', 'running', 'draining', 'held'))";
    /**
     * Rows that the service can have written. An id becomes the name of a folder, so one of another form may lead
     * anywhere; {@code length} alone ends at a NUL.
     */
    static final String OURS =
            "(typeof(id) = 'text' AND length(id) = 17 AND length(CAST(id AS BLOB)) = 17 AND id NOT GLOB '*[^0-9a-z]*' "
                    + "AND state IN (" + Stream.of(CrawlState.values())
                            .map(state -> "'" + state.label() + "'")
                            .collect(Collectors.joining(", "))
                    + "))";
    private static final String ALL = "SELECT " + CrawlRow.COLUMNS + " FROM crawl WHERE " + OURS + " AND ";
    /** The last figures of a crawl that ran, of which nothing is queued or in flight any more. */
    private static final String AT_REST = "CASE WHEN json_valid(progress) THEN json_replace(progress, '$.inFlight', 0, "
            + "'$.ready', 0, '$.delayed', 0) ELSE progress END";
    private static final String JOBS =
            """
                    SELECT name, ended_at, succeeded_at, pages, figures FROM job
                    UNION ALL
                    SELECT name, max(finished_at), max(CASE WHEN state = 'finished' AND finish_reason IN ('exhausted', 'maxPages')
                        AND CASE WHEN json_valid(progress) THEN json_extract(progress, '$.ok') END > 0 THEN finished_at END), NULL, NULL
                    FROM crawl WHERE finished_at IS NOT NULL AND name NOT IN (SELECT name FROM job) AND %s GROUP BY name
                    ORDER BY 2 DESC LIMIT ?"""
                    .formatted(OURS);

    /**
     * The figures of the last crawl of a job that was judged: as the job has them, or as its crawls have them, which is
     * all that there is of a history that was made again.
     */
    private static final String FIGURES = "coalesce((SELECT job.figures FROM job WHERE job.name = crawl.name), "
            + "(SELECT judged.figures FROM crawl AS judged WHERE judged.name = crawl.name "
            + "AND judged.figures IS NOT NULL AND judged.id <> crawl.id ORDER BY judged.finished_at DESC LIMIT 1))";

    /** Jobs whose latest end is remembered; names cost little, and are not without end. */
    private static final int MOST_JOBS = 1_000;

    private final HistoryDatabase database;

    History(HistoryDatabase database) {
        this.database = database;
    }

    /** Adds a crawl. */
    public void add(CrawlRecord crawl) throws IOException {
        update("INSERT INTO crawl (id, name, json, state, created_at) VALUES (?, ?, ?, ?, ?)", crawl.id(), crawl.name(),
                crawl.json() ? 1 : 0, crawl.state().label(), crawl.createdAt().toEpochMilli());
    }

    /**
     * Adds a crawl that the history did not have, as its folder shows it to be.
     *
     * @param began when its first run began, if it has run
     * @param end empty if it has not ended
     * @param baseline the figures that it is compared with, as JSON
     */
    public void addFound(CrawlRecord crawl, CrawlState state, Optional<Instant> began, Optional<CrawlEnd> end,
            Optional<String> baseline) throws IOException {
        update("INSERT INTO crawl (id, name, json, state, created_at, started_at, finished_at, finish_reason, failure, "
                + "progress, bytes, baseline, figures, broken) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                crawl.id(), crawl.name(),
                crawl.json() ? 1 : 0, state.label(), crawl.createdAt().toEpochMilli(), millis(began),
                millis(end.map(CrawlEnd::at)), end.flatMap(CrawlEnd::finishReason).orElse(null),
                end.flatMap(CrawlEnd::failure).orElse(null), end.flatMap(CrawlEnd::progress).orElse(null),
                end.map(CrawlEnd::bytes).orElse(0L), baseline.orElse(null),
                end.flatMap(found -> found.verdict().figures()).orElse(null),
                end.flatMap(found -> found.verdict().broken()).orElse(null));
    }

    private static @Nullable Long millis(Optional<Instant> time) {
        return time.map(Instant::toEpochMilli).orElse(null);
    }

    /**
     * Says that a queued crawl runs now. In its first run it gets the figures of the last crawl of its job that was
     * judged, which it keeps.
     */
    public void started(String id, Instant now) throws IOException {
        update("UPDATE crawl SET state = 'running', baseline = CASE WHEN started_at IS NULL THEN " + FIGURES
                + " ELSE baseline END, started_at = coalesce(started_at, ?), suspended = 0 "
                + "WHERE id = ? AND state = 'queued'", now.toEpochMilli(), id);
    }

    /** Returns the figures that a crawl is compared with, as JSON; empty if no crawl of its job was judged before. */
    public Optional<String> baseline(String id) throws IOException {
        return query("SELECT baseline FROM crawl WHERE baseline IS NOT NULL AND id = ?",
                row -> row.getString("baseline"), id).stream().findFirst();
    }

    /** Says that a crawl was asked to end. */
    public void endWanted(String id) throws IOException {
        update("UPDATE crawl SET end_wanted = 1, state = CASE state WHEN 'running' THEN 'draining' ELSE state END "
                + "WHERE id = ? AND " + LIVE, id);
    }

    /** Says that all crawls that run are being drained, for the service stops. */
    public void draining() throws IOException {
        update("UPDATE crawl SET state = 'draining' WHERE state = 'running' AND " + OURS);
    }

    /** Keeps the present figures of a crawl that has not ended. */
    public void progressed(String id, String progress) throws IOException {
        update("UPDATE crawl SET progress = ? WHERE id = ? AND " + LIVE, progress, id);
    }

    /** Says that the service stops in order, and that a crawl which ran has been suspended until the next start. */
    public void suspended(String id) throws IOException {
        update("UPDATE crawl SET suspended = 1, unclean_ends = 0 WHERE id = ? AND " + LIVE, id);
    }

    /** Says that the service stops in order: the unclean ends before that are forgotten of crawls that wait, too. */
    public void stopped() throws IOException {
        update("UPDATE crawl SET unclean_ends = 0 WHERE state = 'queued' AND " + OURS);
    }

    /** Forgets the unclean ends of a crawl that has run long enough since the last one. */
    public void forgiven(String id) throws IOException {
        update("UPDATE crawl SET unclean_ends = 0 WHERE id = ? AND state IN ('running', 'draining')", id);
    }

    /** Holds a crawl that the service ended until a person decides. */
    public void held(String id, int uncleanEnds, String reason) throws IOException {
        update("UPDATE crawl SET state = 'held', unclean_ends = ?, hold = ? WHERE id = ? AND " + LIVE, uncleanEnds,
                reason,
                id);
    }

    /** Says that a held crawl waits for its turn again, as if it had never been held; false if it is not held. */
    public boolean continued(String id) throws IOException {
        return waitsAgain(id, 0, "state = 'held'");
    }

    /** Says that a crawl has ended; false if it had before. Without figures it keeps those of the last look. */
    public boolean ended(String id, CrawlEnd end) throws IOException {
        return update("UPDATE crawl SET state = ?, finished_at = ?, finish_reason = ?, failure = ?, "
                + "progress = coalesce(?, " + AT_REST
                + "), bytes = ?, figures = coalesce(?, figures), broken = ?, hold = NULL WHERE id = ? AND " + LIVE,
                end.state().label(),
                end.at().toEpochMilli(), end.finishReason().orElse(null), end.failure().orElse(null),
                end.progress().orElse(null), end.bytes(), end.verdict().figures().orElse(null),
                end.verdict().broken().orElse(null), id) == 1;
    }

    /** Remembers how a crawl of a job has ended, for longer than the crawl itself is kept. */
    public void jobEnded(JobEnd end) throws IOException {
        update("INSERT INTO job (name, ended_at, succeeded_at, pages, figures) VALUES (?, ?, ?, ?, ?) "
                + "ON CONFLICT (name) DO "
                + "UPDATE SET "
                + "ended_at = excluded.ended_at, succeeded_at = coalesce(excluded.succeeded_at, succeeded_at), "
                + "pages = coalesce(excluded.pages, pages), figures = coalesce(excluded.figures, figures)", end.job(),
                end.at().toEpochMilli(),
                end.success().map(Instant::toEpochMilli).orElse(null), end.pages().orElse(null),
                end.figures().orElse(null));
        update("DELETE FROM job WHERE name IN (SELECT name FROM job ORDER BY ended_at DESC LIMIT -1 OFFSET ?)",
                MOST_JOBS);
    }

    /**
     * Returns the jobs of which a crawl has ended, the latest first. Of a job that is only known by crawls of an
     * earlier version of this program, a success is what has finished with a page that was ok.
     */
    public List<JobEnd> jobs(int most) throws IOException {
        return query(JOBS, History::jobEnd, most);
    }

    private static JobEnd jobEnd(ResultSet row) throws SQLException {
        long success = row.getLong("succeeded_at");
        Optional<Instant> succeeded = row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(success));
        long count = row.getLong("pages");
        Optional<Long> pages = row.wasNull() ? Optional.empty() : Optional.of(count); // before another column is read
        return new JobEnd(row.getString("name"), Instant.ofEpochMilli(row.getLong("ended_at")), succeeded, pages,
                Optional.ofNullable(row.getString("figures")));
    }

    /**
     * Says that a crawl that has ended waits for another run; false if it has not ended, or is gone. Of several callers
     * one is told true.
     */
    public boolean resumed(String id) throws IOException {
        return waitsAgain(id, 0, "NOT " + LIVE);
    }

    /**
     * Says that a crawl that the service ended waits for another run.
     *
     * @param uncleanEnds the last one included, if it was
     */
    public void requeued(String id, int uncleanEnds) throws IOException {
        waitsAgain(id, uncleanEnds, LIVE);
    }

    private boolean waitsAgain(String id, int uncleanEnds, String condition) throws IOException {
        return update("UPDATE crawl SET state = 'queued', end_wanted = 0, finished_at = NULL, finish_reason = NULL, "
                + "failure = NULL, hold = NULL, broken = NULL, unclean_ends = ? WHERE id = ? AND " + condition,
                uncleanEnds, id) == 1;
    }

    /** Forgets a crawl that has ended; false if it has not, or is gone. */
    public boolean delete(String id) throws IOException {
        return update("DELETE FROM crawl WHERE id = ? AND NOT " + LIVE, id) == 1;
    }

    public Optional<CrawlRecord> find(String id) throws IOException {
        return query(ALL + "id = ?", id).stream().findFirst();
    }

    /**
     * Crawls, the newest first.
     *
     * @param state empty: any
     * @param name empty: any
     * @param before an id: older ones only, also if the crawl of that id is gone, because ids begin with the time
     */
    public List<CrawlRecord> list(Optional<CrawlState> state, Optional<String> name, Optional<String> before, int most)
            throws IOException {
        List<Object> values = new ArrayList<>();
        StringBuilder where = new StringBuilder("1 = 1");
        state.ifPresent(wanted -> {
            where.append(" AND state = ?");
            values.add(wanted.label());
        });
        name.ifPresent(wanted -> {
            where.append(" AND name = ?");
            values.add(wanted);
        });
        before.ifPresent(id -> {
            where.append(" AND id < ?");
            values.add(id);
        });
        values.add(most);
        return query(ALL + where + " ORDER BY id DESC LIMIT ?", values.toArray());
    }

    /** Crawls that have not ended, the oldest first. */
    public List<CrawlRecord> live() throws IOException {
        return query(ALL + LIVE + " ORDER BY number");
    }

    /** Crawls that have ended, the one that ended first before the others. */
    public List<CrawlRecord> ended() throws IOException {
        return query(ALL + "NOT " + LIVE + " ORDER BY finished_at, number");
    }

    /** Rows that the service cannot have written, in words; they are in no other answer. At most so many. */
    public List<String> foreign(int most) throws IOException {
        return query(Foreign.QUERY + " LIMIT ?", Foreign::read, most);
    }

    /** A row that the service cannot have written, because its id or its state is of another form. */
    static final class Foreign {

        static final String QUERY = "SELECT number, id, state FROM crawl WHERE NOT " + OURS;
        private static final int MOST_SHOWN = 60;

        private Foreign() {}

        static String read(ResultSet row) throws SQLException {
            return "row " + row.getLong("number") + " with the id " + shown(row.getString("id")) + " and the state "
                    + shown(row.getString("state"));
        }

        private static String shown(@Nullable String text) {
            String printable = String.valueOf(text).replaceAll("[^ -~]", "?");
            return '"' + (printable.length() > MOST_SHOWN ? printable.substring(0, MOST_SHOWN) + "…" : printable) + '"';
        }
    }

    private int update(String sql, @Nullable Object... values) throws IOException {
        return database.update(sql, values);
    }

    private List<CrawlRecord> query(String sql, @Nullable Object... values) throws IOException {
        return query(sql, CrawlRow::read, values);
    }

    private <T> List<T> query(String sql, HistoryDatabase.Row<T> row, @Nullable Object... values) throws IOException {
        return database.query(sql, row, values);
    }
}
