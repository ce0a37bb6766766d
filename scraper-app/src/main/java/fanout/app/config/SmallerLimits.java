package fanout.app.config;

import fanout.job.Limits;
import java.time.Duration;

/** The smaller of two limits, each by itself. */
final class SmallerLimits {

    private SmallerLimits() {}

    static Limits of(Limits one, Limits other) {
        return new Limits(
                Math.min(one.maxPages(), other.maxPages()),
                Math.min(one.maxUrls(), other.maxUrls()),
                Math.min(one.maxLinksPerPage(), other.maxLinksPerPage()),
                Math.min(one.maxUrlLength(), other.maxUrlLength()),
                shorter(one.maxDuration(), other.maxDuration()),
                shorter(one.requestTimeout(), other.requestTimeout()),
                Math.min(one.maxBodyBytes(), other.maxBodyBytes()),
                Math.min(one.maxRedirects(), other.maxRedirects()),
                Math.min(one.maxFailedPercent(), other.maxFailedPercent()));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
