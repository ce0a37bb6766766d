package fanout.internal.worker;

import fanout.job.CrawlJob;
import fanout.job.SecretRules;
import fanout.job.SecretText;
import fanout.page.Request;
import fanout.page.Request.Details;
import fanout.page.Request.References;
import fanout.page.RequestInterceptor;
import fanout.page.RequestInterceptor.Decision;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Checks a request for a page before it is sent: whether the secrets in its body go there, and what the interceptors
 * of the program say. Immutable.
 */
final class RequestCheck {

    private final SecretRules secrets;
    private final List<RequestInterceptor> interceptors;

    RequestCheck(CrawlJob job, List<RequestInterceptor> interceptors) {
        this.secrets = new SecretRules(job.start(), job.parsing(), job.session(), job.http().secrets());
        this.interceptors = List.copyOf(interceptors);
    }

    /** What becomes of a request. */
    sealed interface Verdict {

        /** It is sent with these details. */
        record Send(Details details) implements Verdict {}

        /** It is not sent. */
        record Refuse(String reason) implements Verdict {}
    }

    /**
     * Returns what becomes of a request.
     *
     * @throws InterruptedException if the thread was interrupted: what looks like a failure of an interceptor may be
     *     how it answers that
     */
    Verdict on(Request request) throws InterruptedException {
        Optional<String> refusal = secrets.refusal(request);
        if (refusal.isPresent()) {
            return new Verdict.Refuse(refusal.get());
        }
        Details details = request.details();
        for (RequestInterceptor interceptor : interceptors) {
            Decision decision;
            try {
                decision = interceptor.intercept(request.with(details));
            } catch (RuntimeException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                return new Verdict.Refuse("the interceptor failed: " + e);
            }
            switch (decision) {
                case Decision.Refuse(String reason) -> {
                    return new Verdict.Refuse(reason);
                }
                case Decision.Send(Map<String, String> headers) -> details = with(headers, details);
            }
        }
        return new Verdict.Send(details);
    }

    /** The names are those of the request, whatever their case. */
    private static Details with(Map<String, String> headers, Details details) {
        if (headers.isEmpty()) {
            return details;
        }
        Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        all.putAll(details.headers());
        boolean refers = details.references() != References.NONE;
        headers.forEach((name, value) -> all.put(name, refers ? SecretText.literal(value) : value));
        return new Details(details.method(), all, details.body(), details.priority(), details.data(),
                details.identity(), details.references(), details.isExternal(), details.picks());
    }
}
