package fanout;

import fanout.leak.Leak;
import fanout.leak.Lender;
import fanout.leak.Lenders;
import fanout.leak.Loan;
import fanout.leak.Origin;
import fanout.report.LeakCheck;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes what a crawl left behind: in the log, and to the leak check of a test that is under way. */
final class LeakReport {

    private static final Logger LOG = LoggerFactory.getLogger(LeakReport.class);

    private LeakReport() {}

    /**
     * Publishes it, if there is something.
     *
     * @param threads of the crawl that are alive
     */
    static void publish(String crawl, LeakCheck found, List<Leak> threads) {
        if (!found.isClean()) {
            LOG.warn("{}: left something behind: {}", crawl, found);
            // Line by line, because many log formats escape line breaks within a message.
            threads.stream()
                    .flatMap(thread -> thread.toString().lines())
                    .forEach(line -> LOG.warn("{}:   {}", crawl, line));
            Loan report = new Loan("crawl", crawl + " reported " + found, found, Origin.here(), true);
            Lender ended = () -> List.of(report);
            Lenders.opened(ended);
        }
    }
}
