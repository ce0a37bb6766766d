package fanout.internal.http;

import fanout.internal.fetch.FetchRequest;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.job.Http;
import fanout.page.OpenSession;
import fanout.url.CanonicalUrl;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.Headers;
import okhttp3.Request;

/** Requests as a job sends them, without a network, and what sites answer to them. */
final class SentRequests {

    private SentRequests() {}

    static Requests requests(Map<String, String> headers, boolean cookies, String... starts) {
        return requests(headers, cookies, Ticker.system(), starts);
    }

    static Requests requests(Map<String, String> headers, boolean cookies, Ticker ticker, String... starts) {
        CrawlJob.Builder job = CrawlJob.builder("test")
                .http(new Http("probe/1 (+https://example.org)", headers,
                        cookies, Optional.empty(), List.of()));
        for (String start : starts) {
            job.startUrl(start);
        }
        return new Requests(job.build(), ticker);
    }

    static Request to(Requests requests, String url) {
        return to(requests, url, fanout.page.Request.Details.NONE);
    }

    static Request to(Requests requests, String url, fanout.page.Request.Details details) {
        return requests.request(fetching(url, details, OpenSession.NONE)).build();
    }

    static FetchRequest fetching(String url, fanout.page.Request.Details details, OpenSession session) {
        return new FetchRequest(CanonicalUrl.of(url), details, "text/plain", _ -> true, 1, FetchRequest.Overflow.FAIL)
                .under(session);
    }

    static void answer(Requests requests, String url, String... setCookies) {
        Headers.Builder headers = new Headers.Builder();
        for (String cookie : setCookies) {
            headers.add("Set-Cookie", cookie);
        }
        requests.remember(to(requests, url), headers.build(),
                fetching(url, fanout.page.Request.Details.NONE, OpenSession.NONE));
    }

    static Request under(Requests requests, String url, OpenSession session) {
        return requests.request(fetching(url, fanout.page.Request.Details.NONE, session)).build();
    }

    static void answer(Requests requests, String url, OpenSession session, String cookie) {
        FetchRequest sent = fetching(url, fanout.page.Request.Details.NONE, session);
        requests.remember(requests.request(sent).build(), Headers.of("Set-Cookie", cookie), sent);
    }
}
