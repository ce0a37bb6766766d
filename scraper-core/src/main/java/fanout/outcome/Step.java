package fanout.outcome;

import fanout.page.Request;
import java.util.List;

/**
 * What one decision of the frontier settled: the outcomes that became final by it, and the URLs that it admitted. Steps are
 * numbered in the order of the decisions, from 1 and without a gap, so that they explain the crawl's state when they
 * are read in their order: a URL is admitted by the step of its outcome or by an earlier one.
 *
 * <p>Immutable. Refers to what the frontier holds, and copies none of it.
 *
 * @param admitted URLs that are new to the crawl, whatever becomes of them
 */
public record Step(long number, List<Outcome> outcomes, List<Request> admitted) {

    public Step {
        outcomes = List.copyOf(outcomes);
        admitted = List.copyOf(admitted);
    }
}
