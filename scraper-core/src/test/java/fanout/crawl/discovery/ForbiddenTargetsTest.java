package fanout.crawl.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import fanout.Scraper;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.Recorded;
import fanout.internal.http.ForbiddenAddresses;
import fanout.job.Cidr;
import fanout.job.CrawlJob;
import fanout.job.Network;
import fanout.outcome.Reason;
import fanout.report.CrawlReport;
import fanout.url.CanonicalUrl;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One crawl of sites that lead inward in every way there is: a page's redirect, a link, a robots.txt and a sitemap that
 * redirect, and a sitemap that lists; to each of the forbidden addresses.
 */
@Timeout(60)
class ForbiddenTargetsTest {

    /** Headers of this server are ASCII. */
    private static final List<String> TARGETS =
            ForbiddenAddresses.literals().stream().filter(host -> host.chars().allMatch(c -> c < 128)).toList();

    @Test
    void noRedirectRobotsTxtOrSitemapLeadsInward() throws Exception {
        AtomicInteger strays = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 0), 1000);
        int port = server.getAddress().getPort();
        server.createContext("/", exchange -> {
            byte[] to = exchange.getLocalAddress().getAddress().getAddress();
            boolean expected = to[0] == 127 && to[1] == 77;
            String path = exchange.getRequestURI().getPath();
            if (!expected) {
                strays.incrementAndGet();
            } else if (path.equals("/robots.txt") == (to[2] == 1)) {
                String target = "http://" + TARGETS.get((to[3] & 255) - 1) + ":" + port + "/" + (to[3] & 255) + path;
                exchange.getResponseHeaders().set("Location", target);
            }
            exchange.sendResponseHeaders(exchange.getResponseHeaders().containsKey("Location") ? 302 : 404, -1);
            exchange.close();
        });
        CrawlReport report;
        Recorded recorded = new Recorded();
        try (ExecutorService threads = Executors.newCachedThreadPool(); Scraper scraper = Scraper.create()) {
            server.setExecutor(threads);
            server.start();
            report = scraper.crawl(job(port)).to(recorded).run();
            server.stop(0);
        }

        assertThat(strays).as("requests to where no request may go").hasValue(0);
        for (int i = 1; i <= TARGETS.size(); i++) {
            String canonical = CanonicalUrl.of("http://" + TARGETS.get(i - 1) + ":" + port + "/" + i + "/").toString();
            assertThat(recorded.only("http://127.77.0." + i + ":" + port + "/").name()).isEqualTo("redirected");
            assertThat(recorded.only(canonical).reason()).as(canonical).contains(Reason.PRIVATE_ADDRESS);
            assertThat(recorded.only("http://127.77.1." + i + ":" + port + "/")).satisfies(page -> {
                assertThat(page.reason()).contains(Reason.PRIVATE_ADDRESS);
                assertThat(page.detail().orElseThrow()).contains("robots.txt");
            });
        }
        recorded.agreesWith(report);
        assertThat(report.fetching().sitemaps().ok()).isZero();
        assertThat(report.fetching().sitemaps().failed()).isEqualTo(TARGETS.size());
    }

    private static CrawlJob job(int port) {
        CrawlJob.Builder job = Jobs.impatient().network(new Network(false, List.of(Cidr.parse("127.77.0.0/16"))));
        for (int i = 1; i <= TARGETS.size(); i++) {
            job.startUrl("http://127.77.0." + i + ":" + port + "/");
            job.startUrl("http://127.77.1." + i + ":" + port + "/");
            job.sitemap(CanonicalUrl.of("http://127.77.0." + i + ":" + port + "/sitemap.xml"));
        }
        return job.build();
    }
}
