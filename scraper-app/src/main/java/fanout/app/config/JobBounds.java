package fanout.app.config;

import fanout.job.CrawlJob;
import fanout.job.Http;
import fanout.job.Limits;
import fanout.job.Network;
import fanout.job.Secrets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a service lets jobs ask for. Immutable.
 *
 * @param limits the most
 * @param network the addresses that a job may open
 * @param proxy the one proxy of all jobs; empty: a job may have none
 * @param secrets to which a job may refer, by the names that they have in the configuration
 */
public record JobBounds(Limits limits, Network network, Optional<Http.Proxy> proxy, Secrets secrets) {

    /** Bounds of a service that has no secrets. */
    public JobBounds(Limits limits, Network network, Optional<Http.Proxy> proxy) {
        this(limits, network, proxy, Secrets.NONE);
    }

    /**
     * Returns the job with the smaller of each two limits, and with this proxy, to which it may have a login of its
     * own.
     */
    CrawlJob applyTo(CrawlJob job) {
        return job.toBuilder()
                .limits(smaller(job.limits(), limits))
                .http(job.http().toBuilder().proxy(proxy.map(own -> withLogin(own, job))).build())
                .build();
    }

    private static Http.Proxy withLogin(Http.Proxy own, CrawlJob job) {
        Optional<Http.Login> ofJob = job.http().proxy().flatMap(Http.Proxy::login);
        return ofJob.isPresent() ? new Http.Proxy(own.host(), own.port(), ofJob) : own;
    }

    /** @param one those of a job: the labels of its pages concern no one else */
    private static Limits smaller(Limits one, Limits other) {
        return new Limits(
                Math.min(one.maxPages(), other.maxPages()),
                Math.min(one.maxUrls(), other.maxUrls()),
                Math.min(one.maxLinksPerPage(), other.maxLinksPerPage()),
                Math.min(one.maxUrlLength(), other.maxUrlLength()),
                shorter(one.maxDuration(), other.maxDuration()),
                shorter(one.requestTimeout(), other.requestTimeout()),
                Math.min(one.maxBodyBytes(), other.maxBodyBytes()),
                Math.min(one.maxRedirects(), other.maxRedirects()),
                Math.min(one.maxFailedPercent(), other.maxFailedPercent()),
                smaller(one.maxPagesPerHost(), other.maxPagesPerHost()), one.maxPagesPerLabel());
    }

    /** Of two limits that may be missing. */
    private static OptionalLong smaller(OptionalLong one, OptionalLong other) {
        return one.isPresent() && other.isPresent()
                ? OptionalLong.of(Math.min(one.getAsLong(), other.getAsLong()))
                : one.isPresent() ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
