package fanout.app.service.api;

import fanout.Crawl;
import fanout.app.service.crawl.Crawls;
import fanout.app.service.http.Door;
import fanout.app.service.http.RefusedException;
import fanout.app.service.http.Reply;
import fanout.app.service.http.Route;
import fanout.app.service.http.ServiceRequest;
import fanout.app.service.run.CrawlTask;
import fanout.app.store.CrawlFolder;
import fanout.app.store.KeptJson;
import fanout.app.store.OwnFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks into a crawl: its tasks, its hosts, how its figures changed, and its job. */
public record LiveApi(Crawls crawls) {

    public List<Route> routes() {
        return List.of(
                get("/tasks", this::tasks),
                new Route(Door.READ, "GET", CrawlApi.CRAWL + "/hosts", Set.of("limit"), this::hosts),
                get("/series", this::series),
                get("/job", this::job));
    }

    private static Route get(String what, Route.Handler handler) {
        return Route.of(Door.READ, "GET", CrawlApi.CRAWL + what, handler);
    }

    private Reply tasks(ServiceRequest request) throws RefusedException, IOException {
        Found found = Found.of(request, crawls);
        return Reply.json(200, found.task()
                .flatMap(CrawlTask::crawl)
                .flatMap(Crawl::tasks)
                .map(TaskView::of)
                .orElseGet(() -> TaskView.none(found.crawl().name())));
    }

    private Reply hosts(ServiceRequest request) throws RefusedException, IOException {
        int limit = (int) request.query().number("limit", 100, 1, 10_000);
        List<HostView> hosts = Found.of(request, crawls)
                .task()
                .flatMap(CrawlTask::crawl)
                .map(crawl -> crawl.hosts(limit).stream().map(HostView::of).toList())
                .orElse(List.of());
        return Reply.json(200, Map.of("hosts", hosts));
    }

    private Reply series(ServiceRequest request) throws RefusedException, IOException {
        Found found = Found.of(request, crawls);
        if (found.task().isPresent()) {
            return Reply.json(200, Map.of("points", found.task().get().series()));
        }
        Optional<byte[]> kept = file(found.folder().series());
        if (kept.isPresent()) {
            KeptJson.checkSeries(found.folder().series(), kept.get());
        }
        ByteArrayOutputStream reply = new ByteArrayOutputStream();
        reply.writeBytes("{\"points\":".getBytes(StandardCharsets.US_ASCII));
        reply.writeBytes(kept.orElse("[]".getBytes(StandardCharsets.US_ASCII)));
        reply.write('}');
        return Reply.of(200, Reply.JSON, reply.toByteArray());
    }

    /** As submitted, to the letter, except secrets. */
    private Reply job(ServiceRequest request) throws RefusedException, IOException {
        Found found = Found.of(request, crawls);
        return Reply.of(200, found.crawl().json() ? Reply.JSON : "application/yaml",
                found.shownJob().getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a file of a crawl; empty if it is missing. */
    static Optional<byte[]> file(Path path) throws IOException {
        try {
            return Optional.of(OwnFiles.read(path, CrawlFolder.MOST_BYTES));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
