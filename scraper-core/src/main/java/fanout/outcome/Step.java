package fanout.outcome;

import fanout.page.Request;
import java.util.List;

/**
 * What one decision of the frontier settled: the outcomes that became final by it, and the URLs that it admitted. Steps
 * are numbered in the order of the decisions, from 1 and without a gap, so that they explain the crawl's state when
 * they are read in their order: a URL is admitted by the step of its outcome or by an earlier one.
 *
 * <p>Immutable. Refers to what the frontier holds, and copies none of it.
 *
 * @param admitted URLs that are new to the crawl, whatever becomes of them
 * @param changes in their order
 * @param counts after this decision
 * @param isProvisional whether a crawl that resumes takes the outcomes back and tries the URLs. From the first
 *     such step on there is no other; what the first of them admits and changes stays
 */
public record Step(
        long number,
        List<Outcome> outcomes,
        List<Request> admitted,
        List<Change> changes,
        Counts counts,
        boolean isProvisional) {

    public Step {
        outcomes = List.copyOf(outcomes);
        admitted = List.copyOf(admitted);
        changes = List.copyOf(changes);
    }

    /** A step that changes nothing else. */
    public Step(long number, List<Outcome> outcomes, List<Request> admitted) {
        this(number, outcomes, admitted, List.of(), Counts.NONE, false);
    }
}
