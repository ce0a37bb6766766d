package fanout.okhttp;

import fanout.dns.GuardedDns;
import fanout.dns.Resolver;
import fanout.fetch.Fetcher;
import fanout.fetch.Traffic;
import fanout.job.CrawlJob;
import fanout.socket.AddressPolicy;
import fanout.task.Ticker;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;

/** A crawl's own fetcher with something between its client and the network, which no user can put there. */
public final class InterceptedFetcher {

    private InterceptedFetcher() {}

    public static Fetcher forJob(CrawlJob job, Interceptor between, Resolver resolver, Traffic traffic) {
        Ticker ticker = Ticker.system();
        AddressPolicy policy = new AddressPolicy(job.network());
        GuardedDns dns = new GuardedDns(resolver, policy);
        OkHttpClient client = CrawlClient.of(new OkHttpClient(), job, policy, dns, ticker)
                .newBuilder()
                .addInterceptor(between)
                .build();
        return new OkHttpFetcher(client, dns, false, new Requests(job, ticker), traffic, ticker);
    }
}
