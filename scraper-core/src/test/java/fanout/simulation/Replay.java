package fanout.simulation;

import fanout.outcome.Outcome;
import fanout.outcome.Step;
import fanout.page.Request;
import fanout.simulation.StepLog.Entry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Plays a crawl's steps back: they come in their order, and explain what the sink was given. A URL is admitted once, by
 * the page or the redirect that names it, and no later than its outcome.
 */
final class Replay {

    private static final int LEAST_WINDOW = 256;

    private final SimulatedCrawl crawl;
    private final Judgement judgement;
    private final Map<String, Request> admitted = new HashMap<>();
    private final Map<String, Outcome> settled = new HashMap<>();
    private int outcomes;

    Replay(SimulatedCrawl crawl, Judgement judgement) {
        this.crawl = crawl;
        this.judgement = judgement;
    }

    void check() {
        long number = 0;
        for (Entry entry : crawl.steps.entries()) {
            long expected = ++number;
            judgement.expect(entry.step().number() == expected,
                    () -> "step " + entry.step().number() + " where " + expected + " comes next");
            judgement.expect(entry.early() <= mostEarly(), () -> entry.early() + " steps waited for an earlier one");
            outcomes += entry.step().outcomes().size();
            int sum = outcomes;
            judgement.expect(entry.outcomesWritten() == sum,
                    () -> "after step " + expected + " the sink has " + entry.outcomesWritten() + ", not " + sum);
            step(entry.step());
        }
        inOrder();
        if (crawl.isComplete()) {
            long discovered = crawl.report().orElseThrow().accounting().discovered();
            judgement.expect(admitted.size() == discovered && settled.size() == discovered,
                    () -> "steps admit " + admitted.size() + " and settle " + settled.size() + ", of " + discovered);
        }
    }

    private int mostEarly() {
        int workers = crawl.plan.job().concurrency();
        return Math.max(LEAST_WINDOW, 4 * workers) + workers;
    }

    private void step(Step step) {
        for (Request request : step.admitted()) {
            judgement.expect(admitted.put(key(request), request) == null, () -> key(request) + " was admitted twice");
        }
        for (Outcome outcome : step.outcomes()) {
            String key = key(outcome.request());
            judgement.expect(settled.put(key, outcome) == null, () -> key + " was settled twice");
            Request asked = admitted.get(key);
            judgement.expect(asked != null && ExternalChecks.areOne(outcome.request(), asked),
                    () -> "settled is " + outcome.request() + ", and admitted was " + admitted.get(key));
        }
        step.admitted().forEach(this::referrer);
    }

    private static String key(Request request) {
        return RequestRules.key(request);
    }

    /**
     * A page is settled when its links are admitted. A redirect is settled with the end of its chain, which comes
     * later.
     */
    private void referrer(Request request) {
        if (request.referrer().isEmpty()) {
            return;
        }
        List<Request> from =
                admitted.values().stream().filter(one -> Optional.of(one.url()).equals(request.referrer())).toList();
        judgement.expect(!from.isEmpty(),
                () -> key(request) + " was admitted before its referrer " + request.referrer());
        boolean isRedirect = from.stream().anyMatch(one -> one.depth() == request.depth());
        judgement.expect(isRedirect || from.isEmpty()
                || from.stream().anyMatch(one -> one.depth() < request.depth() && settled.containsKey(key(one))),
                () -> key(request) + " was admitted before its referrer was settled: " + request.referrer());
    }

    /** The sink was given the outcomes of the steps, and then at most those of one that it did not take. */
    private void inOrder() {
        List<Outcome> written = crawl.sink.written();
        List<Outcome> played =
                crawl.steps.entries().stream().flatMap(entry -> entry.step().outcomes().stream()).toList();
        judgement.expect(played.size() <= written.size() && written.subList(0, played.size()).equals(played),
                () -> "the steps settle " + played + ",\n    and the sink got " + written);
    }
}
