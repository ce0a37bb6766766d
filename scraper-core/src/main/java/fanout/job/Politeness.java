package fanout.job;

import fanout.url.Host;
import java.time.Duration;
import java.util.Map;

/**
 * How a crawl treats the hosts it visits. Immutable.
 *
 * @param manners for every host that {@code hosts} does not name
 * @param maxRetryAfter the longest Retry-After that is waited for; a longer one fails the URL at once
 * @param obeyNofollow whether rel=nofollow, meta robots and X-Robots-Tag are obeyed
 * @param maxCrawlDelay the upper bound of a robots.txt's Crawl-delay
 * @param maxRequestsPerSecond over all hosts
 * @param hosts manners by host name, or by {@code name:port}
 */
public record Politeness(
        Manners manners,
        Duration maxRetryAfter,
        boolean obeyRobots,
        boolean obeyNofollow,
        Duration maxCrawlDelay,
        int maxRequestsPerSecond,
        Map<String, Manners> hosts) {

    public static final Politeness DEFAULT = new Politeness(Manners.DEFAULT, Duration.ofMinutes(5), true, true,
            Duration.ofSeconds(30), 1000, Map.of());

    public Politeness {
        Require.positive(maxRetryAfter, "politeness.maxRetryAfter");
        Require.positive(maxCrawlDelay, "politeness.maxCrawlDelay");
        Require.positive(maxRequestsPerSecond, "politeness.maxRequestsPerSecond");
        hosts = Map.copyOf(hosts);
    }

    /** The manners for one host. */
    public Manners mannersFor(Host host) {
        Manners exact = hosts.get(host.toString());
        return exact != null ? exact : hosts.getOrDefault(host.name(), manners);
    }

    /** A builder with every component of this record set. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Changes single components of politeness; each method sets the one of its name. Not thread-safe. */
    public static final class Builder {

        private Manners manners;
        private Duration maxRetryAfter;
        private boolean obeyRobots;
        private boolean obeyNofollow;
        private Duration maxCrawlDelay;
        private int maxRequestsPerSecond;
        private Map<String, Manners> hosts;

        private Builder(Politeness from) {
            this.manners = from.manners;
            this.maxRetryAfter = from.maxRetryAfter;
            this.obeyRobots = from.obeyRobots;
            this.obeyNofollow = from.obeyNofollow;
            this.maxCrawlDelay = from.maxCrawlDelay;
            this.maxRequestsPerSecond = from.maxRequestsPerSecond;
            this.hosts = from.hosts;
        }

        public Builder manners(Manners value) {
            manners = value;
            return this;
        }

        public Builder maxRetryAfter(Duration value) {
            maxRetryAfter = value;
            return this;
        }

        public Builder obeyRobots(boolean value) {
            obeyRobots = value;
            return this;
        }

        public Builder obeyNofollow(boolean value) {
            obeyNofollow = value;
            return this;
        }

        public Builder maxCrawlDelay(Duration value) {
            maxCrawlDelay = value;
            return this;
        }

        public Builder maxRequestsPerSecond(int value) {
            maxRequestsPerSecond = value;
            return this;
        }

        public Builder hosts(Map<String, Manners> value) {
            hosts = value;
            return this;
        }

        /**
         * The record.
         *
         * @throws IllegalArgumentException if a component is out of its bounds; the message begins with the job file's
         *     key
         */
        public Politeness build() {
            return new Politeness(manners, maxRetryAfter, obeyRobots, obeyNofollow, maxCrawlDelay, maxRequestsPerSecond,
                    hosts);
        }
    }

    /**
     * How one host is treated.
     *
     * @param perHostConcurrency requests in flight at once
     * @param delay from the moment a request was written to the next one
     * @param autoThrottle whether the delay follows the host's latency
     * @param maxDelay the upper bound of what autoThrottle makes of the delay
     */
    public record Manners(int perHostConcurrency, Duration delay, boolean autoThrottle, Duration maxDelay) {

        public static final Manners DEFAULT = new Manners(2, Duration.ofMillis(250), true, Duration.ofSeconds(60));

        public Manners {
            Require.positive(perHostConcurrency, "politeness.perHostConcurrency");
            Require.notNegative(delay, "politeness.delay");
            Require.positive(maxDelay, "politeness.maxDelay");
            Require.atLeast(maxDelay, delay, "politeness.maxDelay", "politeness.delay");
        }

        /** Returns a builder with every component of this record set. */
        public Builder toBuilder() {
            return new Builder(this);
        }

        /** Changes single components of manners; each method sets the one of its name. Not thread-safe. */
        public static final class Builder {

            private int perHostConcurrency;
            private Duration delay;
            private boolean autoThrottle;
            private Duration maxDelay;

            private Builder(Manners from) {
                this.perHostConcurrency = from.perHostConcurrency;
                this.delay = from.delay;
                this.autoThrottle = from.autoThrottle;
                this.maxDelay = from.maxDelay;
            }

            public Builder perHostConcurrency(int value) {
                perHostConcurrency = value;
                return this;
            }

            public Builder delay(Duration value) {
                delay = value;
                return this;
            }

            public Builder autoThrottle(boolean value) {
                autoThrottle = value;
                return this;
            }

            public Builder maxDelay(Duration value) {
                maxDelay = value;
                return this;
            }

            /**
             * Returns the record.
             *
             * @throws IllegalArgumentException if a component is out of its bounds; the message begins with the job
             *     file's key
             */
            public Manners build() {
                return new Manners(perHostConcurrency, delay, autoThrottle, maxDelay);
            }
        }
    }
}
