package fanout.internal.http;

import fanout.internal.fetch.Fetcher;
import fanout.internal.fetch.Traffic;
import fanout.internal.limit.MemoryBudget;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import java.util.Optional;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;

/** A crawl's own fetcher with something in it that no user can put there. */
public final class InterceptedFetcher {

    private InterceptedFetcher() {}

    /** With an interceptor between its client and the network. */
    public static Fetcher forJob(CrawlJob job, Interceptor between, Resolver resolver, Traffic traffic) {
        return of(job, new OkHttpClient(), between, resolver, OkHttpInternals.present(), traffic);
    }

    static OkHttpFetcher of(CrawlJob job, OkHttpClient base, Interceptor between, Resolver resolver,
            OkHttpInternals internals, Traffic traffic) {
        Ticker ticker = Ticker.system();
        AddressPolicy policy = new AddressPolicy(job.network());
        GuardedDns dns = new GuardedDns(resolver, policy);
        MemoryBudget memory = MemoryBudget.ofThisMachine(ticker);
        CrawlClients clients = CrawlClients.of(Optional.of(base), job, policy, dns, memory.idle(), internals, ticker)
                .with(client -> client.addInterceptor(between));
        return new OkHttpFetcher(
                new HttpAttempt.Means(clients, Optional.empty(), new Requests(job, ticker), memory.bodies(),
                        traffic, ticker));
    }
}
