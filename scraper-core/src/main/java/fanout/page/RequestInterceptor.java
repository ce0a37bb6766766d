package fanout.page;

import java.util.Map;

/**
 * Decides, in Java, on each request for a page before it is sent: it may add headers, or refuse the request. It cannot
 * loosen what the job decides: scope, robots.txt, addresses, delays and limits hold as they do without it, and it is
 * asked after them. It is asked for every attempt, so also for retries and for the targets of redirects, and never for
 * robots.txt and sitemaps.
 *
 * <p>Many workers call an interceptor at once: it must be thread-safe, and must not block. Of several, each is asked
 * with the headers of those before it, until one refuses. A request that is refused is not sent and not tried again:
 * its outcome is {@code skipped} with reason {@code refused}, and the decision's words as its detail. That is so, too,
 * if the interceptor throws an exception.
 */
@FunctionalInterface
public interface RequestInterceptor {

    /** Returns what is to be done with a request. */
    Decision intercept(Request request);

    /** What is to be done with a request. */
    sealed interface Decision {

        /** Sends the request as it is. */
        Decision SEND = new Send(Map.of());

        /**
         * Sends the request with more headers, which replace those of the request and of the job by the same names.
         * Authorization and Cookie go to the origins of the start URLs only, as those of a job do.
         */
        record Send(Map<String, String> headers) implements Decision {

            /**
             * @throws IllegalArgumentException if a header cannot be sent, is the HTTP client's, or is User-Agent,
             *     which is the job's: robots.txt was asked for it
             */
            public Send {
                headers.forEach((name, value) -> {
                    HeaderRule.check(name, value, "headers." + name);
                    if (name.equalsIgnoreCase("User-Agent")) {
                        throw new IllegalArgumentException("headers." + name + " is set by the job");
                    }
                });
                headers = Map.copyOf(headers);
            }
        }

        /**
         * Does not send the request.
         *
         * @param reason in words for people
         */
        record Refuse(String reason) implements Decision {}
    }
}
