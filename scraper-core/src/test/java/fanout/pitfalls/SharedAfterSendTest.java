package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.task.Channel;
import fanout.internal.task.Received;
import fanout.internal.task.Ticker;
import fanout.outcome.Fetched;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/**
 * Pages are written with the links of other pages: the sender still used the list that it had sent.
 *
 * <pre>
 * worker                                     writer
 * list: a, b
 * send page 1 with the list
 * list: cleared, c
 * send page 2 with the list
 *                                            receive page 1
 *                                            Broken: its links are c
 *                                            Fixed:  its links are a, b
 * </pre>
 */
@Pitfall(id = "shared-after-send",
        question = "Does the sender keep anything that is reachable from what it has sent, and change it later?",
        go = "using a pointer after sending it over a channel", embodiedBy = Fetched.class)
class SharedAfterSendTest {

    /** A record is as immutable as what it holds. */
    static final class Broken extends Sample {

        record SharedLinks(String page, List<String> urls) implements Found {}

        @Override
        Found found(String page, List<String> urls) {
            return new SharedLinks(page, urls);
        }
    }

    /** The record copies what it is given, so that no caller can forget to. */
    static final class Fixed extends Sample {

        record OwnLinks(String page, List<String> urls) implements Found {

            OwnLinks {
                urls = List.copyOf(urls);
            }
        }

        @Override
        Found found(String page, List<String> urls) {
            return new OwnLinks(page, urls);
        }
    }

    /** What was found on a page. */
    interface Found {

        String page();

        List<String> urls();
    }

    abstract static class Sample {

        final Channel<Found> results = Channel.bounded(2, Ticker.system());
        final Queue<String> written = new ConcurrentLinkedQueue<>();

        abstract Found found(String page, List<String> urls);

        void work() throws InterruptedException {
            List<String> urls = new ArrayList<>(); // one list for all pages, to spare the garbage collector
            urls.add("/a");
            urls.add("/b");
            results.sender().send(found("/1", urls));
            urls.clear();
            urls.add("/c");
            results.sender().send(found("/2", urls));
            results.close();
        }

        void write() throws InterruptedException {
            while (results.receiver().receive(Actors.AT_MOST) instanceof Received.Value<Found>(Found found)) {
                written.add(found.page() + " links to " + found.urls());
            }
        }
    }

    private static void schedule(Sample sample, Actors actors) throws InterruptedException {
        actors.start("worker", sample::work);
        actors.awaitEnd("worker");
        actors.start("writer", sample::write);
        actors.awaitEnd();
    }

    @Test
    void brokenPageIsWrittenWithTheLinksOfTheNextOne() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken();
            schedule(sample, actors);
            assertThat(sample.written).containsExactly("/1 links to [/c]", "/2 links to [/c]");
        }
    }

    @Test
    void fixedPageIsWrittenAsItWasSent() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            schedule(sample, actors);
            assertThat(sample.written).containsExactly("/1 links to [/a, /b]", "/2 links to [/c]");
        }
    }
}
