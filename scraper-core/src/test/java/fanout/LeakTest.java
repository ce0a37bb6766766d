package fanout;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.fetch.InterceptedFetcher;
import fanout.fetch.Resolver;
import fanout.fetch.SystemResolver;
import fanout.job.CrawlJob;
import fanout.metrics.CrawlMeters;
import fanout.page.CrawlReport;
import fanout.page.LeakCheck;
import fanout.synthetic.SyntheticWeb;
import fanout.task.Ticker;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;
import okio.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A leak check that finds nothing proves nothing, unless it finds what was leaked on purpose. */
class LeakTest {

    private final SyntheticWeb web = SyntheticWeb.builder().pagesPerHost(20).start();
    private final CrawlJob job = Jobs.impatient(web).build();

    @AfterEach
    void close() {
        web.close();
    }

    @Test
    void threadThatOutlivesTheCrawlIsFound() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        Queue<Thread> leaked = new ConcurrentLinkedQueue<>();
        AtomicBoolean once = new AtomicBoolean();
        try (Scraper scraper = Scraper.builder().extractor(_ -> {
            if (once.compareAndSet(false, true)) {
                String name = Thread.currentThread().getName() + " leaked";
                leaked.add(Thread.ofPlatform().name(name).start(() -> awaitUninterruptibly(end)));
            }
            return List.of();
        }).build()) {
            CrawlReport report = scraper.crawl(job, new Recorded());

            assertThat(report.leakCheck()).isEqualTo(new LeakCheck(1, 0, 0, 0, 0));
            assertThat(report.leakCheck().isClean()).isFalse();
            assertThat(JvmThreads.startingWith("crawl-")).hasSize(1);
        } finally {
            end.countDown();
            for (Thread thread : leaked) {
                thread.join();
            }
        }
    }

    private static void awaitUninterruptibly(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void connectionThatIsNotGivenBackIsFound() throws InterruptedException {
        Queue<Response> leaked = new ConcurrentLinkedQueue<>();
        CrawlReport report = crawlThrough(response -> {
            if (!response.request().url().encodedPath().equals("/")) {
                return response;
            }
            leaked.add(response);
            BufferedSource empty = Okio.buffer((Source) new Buffer());
            return response.newBuilder().body(ResponseBody.create(empty, null, 0)).build();
        });

        assertThat(report.leakCheck()).isEqualTo(new LeakCheck(0, 1, 0, 0, 0));
        assertThat(report.leakCheck().isClean()).isFalse();
        leaked.forEach(Response::close);
    }

    @Test
    void bodyThatIsNotClosedIsFound() throws InterruptedException {
        AtomicBoolean once = new AtomicBoolean();
        CrawlReport report = crawlThrough(response -> once.compareAndSet(false, true)
                ? response.newBuilder().body(new Unclosable(response.body())).build()
                : response);

        assertThat(report.leakCheck()).isEqualTo(new LeakCheck(0, 0, 1, 0, 0));
        assertThat(report.leakCheck().isClean()).isFalse();
    }

    /** A crawl whose client has something between it and the network. */
    private CrawlReport crawlThrough(UnaryOperator<Response> leak) throws InterruptedException {
        Interceptor leaky = chain -> leak.apply(chain.proceed(chain.request()));
        Ticker ticker = Ticker.system();
        try (Resolver resolver = new SystemResolver(ticker)) {
            Machinery machinery = new Machinery(ticker, Thread.ofPlatform().daemon().factory(),
                    Thread.ofVirtual().factory(),
                    (crawled, traffic) -> InterceptedFetcher.forJob(crawled, leaky, resolver, traffic),
                    resolver::abandonedLookups, List.of(), new CrawlMeters());
            return new Crawl(job, new Recorded(), machinery).run();
        }
    }

    /** Its end is read, so the connection is free again, but nobody closes it. */
    private static final class Unclosable extends ResponseBody {

        private final ResponseBody body;
        private final BufferedSource source;

        Unclosable(ResponseBody body) {
            this.body = body;
            this.source = Okio.buffer(new ForwardingSource(body.source()) {
                @Override
                public void close() {}
            });
        }

        @Override
        public MediaType contentType() {
            return body.contentType();
        }

        @Override
        public long contentLength() {
            return body.contentLength();
        }

        @Override
        public BufferedSource source() {
            return source;
        }

        @Override
        public void close() {}
    }

    @Test
    void resultsThatNoSinkTookAreFound() throws InterruptedException {
        try (Scraper scraper = Scraper.create()) {
            CrawlReport report = scraper.crawl(job, _ -> {
                throw new IOException("no");
            });

            assertThat(report.leakCheck().undeliveredResults()).isEqualTo(report.accounting().discovered());
            assertThat(report.leakCheck().isClean()).as("a sink's failure is no leak").isTrue();
        }
    }
}
