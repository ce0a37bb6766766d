package fanout.app.service.api;

import fanout.app.config.BadJobException;
import fanout.app.service.crawl.Crawls;
import fanout.app.service.crawl.Readers;
import fanout.app.service.http.Door;
import fanout.app.service.http.QueryParameters;
import fanout.app.service.http.RefusedException;
import fanout.app.service.http.Reply;
import fanout.app.service.http.Route;
import fanout.app.service.http.ServiceRequest;
import fanout.app.service.run.Committed;
import fanout.app.service.run.CrawlTask;
import fanout.app.store.CrawlFolder;
import fanout.app.store.LineScan;
import fanout.app.store.OwnFiles;
import fanout.job.Field;
import fanout.sink.CsvView;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Hands out the lines that a crawl has written: whole, as a file to be kept, or while it writes, or a page of them. A
 * filter and CSV go with a page and with the whole. Nothing is held in memory but the page.
 */
public record ResultApi(Crawls crawls, Readers readers) {

    private static final String NDJSON = "application/x-ndjson";
    private static final String CSV = "text/csv; charset=utf-8";
    private static final int MOST_LINES = 10_000;

    /** What the lines are. */
    private enum Kind {
        PAGES, ITEMS, LINKS, FILES;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        Path path(CrawlFolder folder) {
            return switch (this) {
                case PAGES -> folder.pages();
                case ITEMS -> folder.items();
                case LINKS -> folder.links();
                case FILES -> folder.bodyLines();
            };
        }

        Committed committed(CrawlTask task) {
            return switch (this) {
                case PAGES -> task.pages();
                case ITEMS -> task.items();
                case LINKS -> task.links();
                case FILES -> task.files();
            };
        }
    }

    public List<Route> routes() {
        return List.of(
                new Route(Door.READ, "GET", CrawlApi.CRAWL + "/pages",
                        Set.of("offset", "follow", "outcome", "reason", "q", "format", "limit"),
                        request -> lines(request, Kind.PAGES)),
                new Route(Door.READ, "GET", CrawlApi.CRAWL + "/items",
                        Set.of("offset", "follow", "q", "format", "limit"), request -> lines(request, Kind.ITEMS)),
                new Route(Door.READ, "GET", CrawlApi.CRAWL + "/links",
                        Set.of("offset", "follow", "q", "format", "limit"), request -> lines(request, Kind.LINKS)),
                new Route(Door.READ, "GET", CrawlApi.CRAWL + "/files",
                        Set.of("offset", "follow", "q", "format", "limit"), request -> lines(request, Kind.FILES)));
    }

    private Reply lines(ServiceRequest request, Kind kind) throws RefusedException, IOException {
        QueryParameters query = request.query();
        long offset = query.number("offset", 0, 0, Long.MAX_VALUE);
        boolean follow = query.flag("follow");
        boolean csv = isCsv(query);
        LineFilter filter = LineFilter.of(query, kind == Kind.PAGES);
        boolean paged = query.text("limit").isPresent();
        if (follow && (paged || csv || !filter.isEmpty())) {
            throw new RefusedException(400, "follow streams the stored lines; it goes with offset alone");
        }
        Found found = Found.of(request, crawls);
        Path path = kind.path(found.folder());
        Committed committed = committed(found, path, kind);
        long end = committed.position().bytes();
        if (offset > end) {
            throw new RefusedException(416, "offset " + offset + " is beyond the end, " + end);
        }
        if (!paged && found.task().isEmpty()) {
            checkEnd(path, end);
        }
        if (!paged && !csv && filter.isEmpty()) {
            Reply whole = stream(found, NDJSON, new StoredLines(path, offset, committed, follow)::writeTo);
            return follow ? whole : asFile(whole, found, kind, false).with("Next-Offset", String.valueOf(end));
        }
        checkStart(path, offset, end);
        Optional<CsvView> view = csv ? Optional.of(view(found, kind)) : Optional.empty();
        if (paged) {
            int limit = (int) query.number("limit", MOST_LINES, 1, MOST_LINES);
            return page(path, offset, end, new LinePage(filter, limit, view));
        }
        return asFile(stream(found, csv ? CSV : NDJSON, new ChosenLines(path, offset, end, filter, view)::writeTo),
                found,
                kind, csv).with("Next-Offset", String.valueOf(end)).with("End-Offset", String.valueOf(end));
    }

    private Reply stream(Found found, String type, Reply.Body body) throws RefusedException {
        return new Reply.Streamed(200, Map.of("Content-Type", type),
                body.holding(readers.open(found.crawl().id()).orElseThrow(TooManyReaders::refused)));
    }

    /** A browser keeps it under a name that says of which job it is. */
    private static Reply asFile(Reply reply, Found found, Kind kind, boolean csv) {
        String name = found.crawl().name().replaceAll("[^A-Za-z0-9_-]", "_");
        return reply.with("Content-Disposition", "attachment; filename=\"" + name + "-" + kind.label()
                + (csv ? ".csv" : ".jsonl") + "\"");
    }

    private static boolean isCsv(QueryParameters query) throws RefusedException {
        return switch (query.text("format").orElse("jsonl")) {
            case "jsonl" -> false;
            case "csv" -> true;
            default -> throw new RefusedException(400, "format must be jsonl or csv");
        };
    }

    private static Committed committed(Found found, Path path, Kind kind) throws IOException {
        Optional<CrawlTask> task = found.task();
        if (task.isPresent()) {
            return kind.committed(task.get());
        }
        return Committed.ended(OwnFiles.size(path));
    }

    /** The columns of items are those of the job's rules. */
    private CsvView view(Found found, Kind kind) throws RefusedException, IOException {
        switch (kind) {
            case PAGES -> {
                return asksOutside(found) ? CsvView.ofPagesWithExternal() : CsvView.ofPages();
            }
            case LINKS -> {
                return CsvView.ofLinks();
            }
            case FILES -> {
                return CsvView.ofFiles();
            }
            case ITEMS -> {}
        }
        try {
            return CsvView.ofItems(crawls.job(found.crawl())
                    .parsing()
                    .extract()
                    .stream()
                    .flatMap(rule -> rule.fields().stream())
                    .map(Field::name)
                    .toList());
        } catch (BadJobException e) {
            found.shownJob(); // is not a document any more, or is one that the service does not take any more
            throw new RefusedException(409,
                    "the job is not valid any more under the configuration of the service, and its "
                            + "columns are not known");
        }
    }

    /** A job that cannot be read any more may have: then the column is there, and nothing is left out. */
    private boolean asksOutside(Found found) throws IOException {
        try {
            return crawls.job(found.crawl()).scope().checkExternal();
        } catch (BadJobException | OwnFiles.UnusableException e) {
            return true;
        }
    }

    private static void checkStart(Path path, long offset, long end) throws RefusedException, IOException {
        if (end > 0) {
            try (FileChannel file = OwnFiles.read(path)) {
                if (!LineScan.isStart(file, offset)) {
                    throw new RefusedException(400, "offset must be where a line begins, as Next-Offset is");
                }
            }
        }
    }

    /** What is handed out to its end ends with a whole line. A page of lines ends before half a one. */
    private static void checkEnd(Path path, long end) throws IOException {
        if (end > 0) {
            try (FileChannel file = OwnFiles.read(path)) {
                if (!LineScan.isStart(file, end)) {
                    throw OwnFiles.damaged(path, "ends in the middle of a line, at byte " + end);
                }
            }
        }
    }

    private static Reply page(Path path, long offset, long end, LinePage page) throws IOException {
        long next = 0;
        if (end > 0) {
            try (FileChannel file = OwnFiles.read(path)) {
                next = page.read(path, file, offset, end);
            }
        }
        return Reply.of(200, page.isCsv() ? CSV : NDJSON, page.bytes(offset == 0))
                .with("Next-Offset", String.valueOf(next))
                .with("End-Offset", String.valueOf(end));
    }
}
