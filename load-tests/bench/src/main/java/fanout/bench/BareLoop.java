package fanout.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * The crawler that anybody writes first: N virtual threads, OkHttp, jsoup, a set and a queue. No politeness, deadlines,
 * retries, limits or metrics, and everything in memory. It shows what the libraries alone cost; what a crawl costs
 * beyond this is ours.
 *
 * <p>{@code BareLoop START_URL OUT.jsonl CONCURRENCY} crawls the start URL's host and port and writes a line a page:
 * url, status, title, number of links.
 */
public final class BareLoop {

    /** Long, because on a busy machine no page may be lost. */
    private static final Duration LONGEST_CALL = Duration.ofMinutes(2);

    private final OkHttpClient client;
    private final HttpUrl start;
    private final int concurrency;
    private final BufferedWriter out;
    private final ReentrantLock outLock = new ReentrantLock();
    private final Set<HttpUrl> seen = ConcurrentHashMap.newKeySet();
    /** Unbounded, as first crawlers are; an empty element tells one thread to stop. */
    private final BlockingQueue<Optional<HttpUrl>> queue = new LinkedBlockingQueue<>();
    /** URLs seen but not done. */
    private final AtomicInteger pending = new AtomicInteger();

    private BareLoop(HttpUrl start, int concurrency, BufferedWriter out) {
        this.start = start;
        this.concurrency = concurrency;
        this.out = out;
        this.client = new OkHttpClient.Builder()
                .connectionPool(new ConnectionPool(concurrency, 30, TimeUnit.SECONDS))
                .callTimeout(LONGEST_CALL)
                .readTimeout(LONGEST_CALL)
                .connectTimeout(LONGEST_CALL)
                .build();
    }

    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        long begin = System.nanoTime();
        int pages;
        try (BufferedWriter out = Files.newBufferedWriter(Path.of(arguments[1]))) {
            pages = new BareLoop(HttpUrl.get(arguments[0]), Integer.parseInt(arguments[2]), out).crawl();
        }
        System.out.printf("%d pages in %.2f s%n", pages, (System.nanoTime() - begin) / 1e9);
    }

    private int crawl() throws InterruptedException, ExecutionException {
        add(start);
        List<Future<?>> workers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < concurrency; i++) {
                workers.add(threads.submit(() -> {
                    work();
                    return null;
                }));
            }
        }
        for (Future<?> worker : workers) {
            worker.get();
        }
        client.connectionPool().evictAll();
        return seen.size();
    }

    private void work() throws InterruptedException, IOException {
        for (Optional<HttpUrl> next = queue.take(); next.isPresent(); next = queue.take()) {
            try {
                visit(next.get());
            } catch (IOException e) {
                // The page is lost, and the crawl goes on: without this one thread fewer would work, and none would
                // ever be told to stop.
                write(next.get(), 0, e.toString(), 0);
            }
            if (pending.decrementAndGet() == 0) {
                for (int i = 0; i < concurrency; i++) {
                    queue.add(Optional.empty());
                }
            }
        }
    }

    private void visit(HttpUrl address) throws IOException {
        HttpUrl url;
        int status;
        String title = "";
        int links = 0;
        try (Response response =
                client.newCall(new Request.Builder().url(address).build()).execute()) {
            url = response.request().url(); // after redirects
            status = response.code();
            ResponseBody body = response.body();
            if (response.isSuccessful() && isHtml(response)) {
                Document page = Jsoup.parse(body.byteStream(), null, url.toString());
                title = page.title();
                for (Element link : page.select("a[href], iframe[src]")) {
                    links++;
                    HttpUrl target = url.resolve(link.attr(link.hasAttr("href") ? "href" : "src"));
                    if (target != null && target.port() == start.port() && target.host().equals(start.host())) {
                        add(target.newBuilder().fragment(null).build());
                    }
                }
            }
        }
        write(url, status, title, links);
    }

    private static boolean isHtml(Response response) {
        String type = response.header("Content-Type");
        return type != null && type.startsWith("text/html");
    }

    private void add(HttpUrl url) {
        if (seen.add(url)) {
            pending.incrementAndGet();
            queue.add(Optional.of(url));
        }
    }

    private void write(HttpUrl url, int status, String title, int links) throws IOException {
        String line =
                "{\"url\":\"" + url + "\",\"status\":" + status + ",\"title\":\"" + escaped(title) + "\",\"links\":"
                        + links + "}\n";
        outLock.lock();
        try {
            out.write(line);
        } finally {
            outLock.unlock();
        }
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ') {
                escaped.append(String.format("\\u%04x", (int) c));
            } else {
                if (c == '"' || c == '\\') {
                    escaped.append('\\');
                }
                escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
