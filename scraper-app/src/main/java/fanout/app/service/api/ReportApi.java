package fanout.app.service.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.json.Json;
import fanout.app.reportpage.ReportPage;
import fanout.app.service.crawl.Crawls;
import fanout.app.service.crawl.Readers;
import fanout.app.service.http.Door;
import fanout.app.service.http.RefusedException;
import fanout.app.service.http.Reply;
import fanout.app.service.http.Route;
import fanout.app.service.http.ServiceRequest;
import fanout.app.store.CrawlFolder;
import fanout.app.store.CrawlRecord;
import fanout.app.store.CrawlState;
import fanout.app.store.KeptReport;
import fanout.app.store.OwnFiles;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The report of a crawl that has ended: as the crawl wrote it, or as a page for people. */
public record ReportApi(Crawls crawls, Readers readers, ReportPages pages) {

    private static final int PIECE = 64 << 10;
    /** So many crawls of the same name are looked at for one to compare with. */
    private static final int MOST_EARLIER = 20;
    /** The page has an origin of its own, so nothing in it could ask the service for anything. */
    private static final String POLICY = ReportPage.policy()
            + "; frame-ancestors 'none'; sandbox allow-scripts allow-modals allow-popups "
            + "allow-popups-to-escape-sandbox";

    public List<Route> routes() {
        return List.of(new Route(Door.READ, "GET", CrawlApi.CRAWL + "/report", Set.of("format"), this::report));
    }

    private Reply report(ServiceRequest request) throws RefusedException, IOException, InterruptedException {
        boolean isPage = request.query().oneOf("format", List.of("json", "html")).filter("html"::equals).isPresent();
        Found found = Found.of(request, crawls);
        if (!found.crawl().state().isEnded()) {
            throw new RefusedException(404, "there is no report before the crawl has ended");
        }
        return isPage ? page(request, found) : json(found);
    }

    private static Reply json(Found found) throws RefusedException, IOException {
        byte[] report = LiveApi.file(found.folder().report())
                .orElseThrow(() -> new RefusedException(404, "the crawl has no report: " + why(found)));
        KeptReport.of(found.folder().report(), report); // a damaged one is not handed out
        return Reply.of(200, Reply.JSON, report);
    }

    private static String why(Found found) {
        CrawlRecord crawl = found.crawl();
        return crawl.failure().orElse(crawl.startedAt().isPresent() ? "its file is missing" : "it did not run");
    }

    private Reply page(ServiceRequest request, Found found)
            throws RefusedException, IOException, InterruptedException {
        CrawlFolder folder = found.folder();
        for (Path file : List.of(folder.pages(), folder.items(), folder.report())) {
            OwnFiles.size(file); // refuses what is no file of the service
        }
        if (!Files.exists(folder.pages(), LinkOption.NOFOLLOW_LINKS)) {
            throw new RefusedException(404, "the crawl has no pages: " + why(found));
        }
        if (Files.exists(folder.report(), LinkOption.NOFOLLOW_LINKS)) {
            KeptReport.read(folder); // the page reads it as a tree
        }
        Closeable reader = reader(found.crawl());
        try {
            return page(found.crawl(), made(request, found), reader);
        } catch (RefusedException | IOException | InterruptedException | RuntimeException | Error e) {
            try (reader) {
                throw e;
            }
        }
    }

    private Closeable reader(CrawlRecord crawl) throws RefusedException {
        return readers.open(crawl.id()).orElseThrow(TooManyReaders::refused);
    }

    private FileChannel made(ServiceRequest request, Found found)
            throws RefusedException, IOException, InterruptedException {
        Optional<CrawlRecord> earlier = earlier(found.crawl());
        if (earlier.isEmpty()) {
            return made(request, new ReportPages.Crawls(found.crawl(), found.folder(), Optional.empty()));
        }
        try (Closeable _ = reader(earlier.get())) {
            return made(request, new ReportPages.Crawls(found.crawl(), found.folder(),
                    Optional.of(crawls.folder(earlier.get()))));
        }
    }

    private FileChannel made(ServiceRequest request, ReportPages.Crawls of)
            throws RefusedException, IOException, InterruptedException {
        FileChannel page = pages.make(of, request::checkWaiting);
        Optional<CrawlRecord> now = crawls.find(of.crawl().id());
        if (now.isPresent() && now.get().finishedAt().equals(of.crawl().finishedAt())) {
            return page;
        }
        try (page) {
            throw new RefusedException(404, "there is no report: the crawl was resumed or deleted meanwhile");
        }
    }

    /** Returns the last crawl before this one that has the same name, has finished, and found a page. */
    private Optional<CrawlRecord> earlier(CrawlRecord crawl) throws IOException {
        return crawls.list(Optional.of(CrawlState.FINISHED), Optional.of(crawl.name()), Optional.of(crawl.id()),
                MOST_EARLIER)
                .stream()
                .filter(each -> each.progress()
                        .flatMap(progress -> Json.read(progress.getBytes(UTF_8)))
                        .filter(progress -> progress.path("ok").asLong(0) > 0)
                        .isPresent())
                .filter(each -> crawls.folder(each).odd().isEmpty()
                        && Files.exists(crawls.folder(each).pages(), LinkOption.NOFOLLOW_LINKS))
                .findFirst();
    }

    private static Reply page(CrawlRecord crawl, FileChannel page, Closeable reader) {
        Reply.Body body = out -> copy(page, out);
        String name = crawl.name().replaceAll("[^A-Za-z0-9_-]", "_");
        return new Reply.Streamed(200, Map.of("Content-Type", "text/html; charset=utf-8", "Content-Security-Policy",
                POLICY, "Content-Disposition", "inline; filename=\"" + name + "-report.html\""),
                body.holding(() -> {
                    try (reader; page) {
                        // both are closed, whatever happens to one
                    }
                }));
    }

    private static void copy(FileChannel page, OutputStream out) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        for (long at = 0;;) {
            int read = page.read(piece.clear(), at);
            if (read < 0) {
                return;
            }
            out.write(piece.array(), 0, read);
            at += read;
        }
    }
}
