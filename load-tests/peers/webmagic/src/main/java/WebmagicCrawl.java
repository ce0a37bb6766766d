import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import us.codecraft.webmagic.Page;
import us.codecraft.webmagic.ResultItems;
import us.codecraft.webmagic.Site;
import us.codecraft.webmagic.Spider;
import us.codecraft.webmagic.Task;
import us.codecraft.webmagic.pipeline.Pipeline;
import us.codecraft.webmagic.processor.PageProcessor;

/** {@code WebmagicCrawl START_URL OUT.jsonl IN_FLIGHT}: the bare loop's crawl by webmagic. */
public final class WebmagicCrawl implements PageProcessor {

    private final String origin;
    private final Site site = Site.me().setSleepTime(0).setRetrySleepTime(0).setRetryTimes(0).setCycleRetryTimes(0)
            .setTimeOut(30_000).setDisableCookieManagement(true).setCharset("UTF-8");

    private WebmagicCrawl(String origin) {
        this.origin = origin;
    }

    public static void main(String[] arguments) throws IOException {
        URI start = URI.create(arguments[0]);
        int inFlight = Integer.parseInt(arguments[2]);
        try (BufferedWriter out = Files.newBufferedWriter(Path.of(arguments[1]))) {
            Spider.create(new WebmagicCrawl("http://" + start.getRawAuthority() + "/"))
                    .addUrl(arguments[0])
                    .addPipeline(new Lines(out))
                    .thread(inFlight)
                    .run();
        }
    }

    @Override
    public Site getSite() {
        return site;
    }

    @Override
    public void process(Page page) {
        List<String> type = page.getHeaders().getOrDefault("Content-Type", List.of(""));
        List<String> links = List.of();
        String title = "";
        if (type.getFirst().startsWith("text/html")) {
            title = page.getHtml().getDocument().title();
            links = page.getHtml().getDocument().select("a[href]").stream().map(link -> link.absUrl("href")).toList();
        }
        page.putField("title", title);
        page.putField("links", links.size());
        page.putField("status", page.getStatusCode());
        links.stream()
                .filter(link -> link.startsWith(origin))
                .map(link -> link.replaceFirst("#.*", ""))
                .forEach(page::addTargetRequest);
    }

    /** Writes a line a page. */
    private record Lines(BufferedWriter out) implements Pipeline {

        @Override
        public void process(ResultItems items, Task task) {
            String title = items.<String>get("title")
                    .replace("\\", "\\\\")
                    .replace("\"", "\\\"")
                    .replaceAll("\\p{Cntrl}", " ");
            String line = "{\"url\":\"%s\",\"status\":%s,\"title\":\"%s\",\"links\":%s}%n"
                    .formatted(items.getRequest().getUrl(), items.get("status"), title, items.get("links"));
            synchronized (out) {
                try {
                    out.write(line);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
