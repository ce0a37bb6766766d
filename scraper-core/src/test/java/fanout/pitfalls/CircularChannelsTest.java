package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.frontier.Frontier;
import fanout.internal.task.Channel;
import fanout.internal.task.Received;
import fanout.internal.task.Ticker;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * On a site with many links everything stops at once, with both queues full: each side waits for the other to take
 * something.
 *
 * <pre>
 * fetcher                                  parser
 * send page 1                              receive page 1
 * send page 2: slots for one               link 1 … 8: slots for eight
 * Broken: send page 3: for ever            Broken: send link 9: for ever
 * Fixed:  send page 3                      Fixed:  link 9 … is counted as dropped
 * close, end                               receive pages 2 and 3, end
 * </pre>
 */
@Pitfall(id = "circular-channels",
        question = "Follow the sends from queue to queue: is there a circle in which every sender may wait?",
        go = "a deadlock of circular channel dependencies", embodiedBy = Frontier.class,
        incidents = "gocolly/colly#865")
class CircularChannelsTest {

    private static final int PAGES = 3;
    private static final int LINKS_OF_A_PAGE = 10;
    private static final int ROOM_FOR_LINKS = 8;

    /** Pages go one way, links go back, and both ways wait for a free slot. */
    static final class Broken extends Sample {

        private final Channel<String> links = Channel.bounded(ROOM_FOR_LINKS, Ticker.system());

        @Override
        void addLink(String link) throws InterruptedException {
            links.sender().send(link);
        }

        @Override
        boolean takeLink() throws InterruptedException {
            return links.receiver().receive(Duration.ZERO) instanceof Received.Value<String>;
        }

        @Override
        int waitingLinks() {
            return links.size();
        }
    }

    /** One way of the circle never waits: what does not fit is dropped, and counted. */
    static final class Fixed extends Sample {

        private final BlockingQueue<String> links = new ArrayBlockingQueue<>(ROOM_FOR_LINKS);

        @Override
        void addLink(String link) {
            if (!links.offer(link)) {
                dropped.incrementAndGet();
            }
        }

        @Override
        boolean takeLink() {
            return links.poll() != null;
        }

        @Override
        int waitingLinks() {
            return links.size();
        }
    }

    abstract static class Sample {

        final Channel<String> pages = Channel.bounded(1, Ticker.system());
        final AtomicInteger taken = new AtomicInteger();
        final AtomicInteger dropped = new AtomicInteger();

        abstract void addLink(String link) throws InterruptedException;

        abstract boolean takeLink() throws InterruptedException;

        abstract int waitingLinks();

        /** Fetches the start pages, and then what links are there. */
        void fetch() throws InterruptedException {
            for (int i = 1; i <= PAGES; i++) {
                sendPage("/" + i);
            }
            pages.close();
            while (takeLink()) {
                taken.incrementAndGet();
            }
        }

        void sendPage(String page) throws InterruptedException {
            pages.sender().send(page);
        }

        void parse() throws InterruptedException {
            while (pages.receiver().receive(Actors.AT_MOST) instanceof Received.Value<String>(String page)) {
                for (int i = 1; i <= LINKS_OF_A_PAGE; i++) {
                    addLink(page + "/" + i);
                }
            }
        }
    }

    private static void schedule(Sample sample, Actors actors) {
        actors.start("fetcher", sample::fetch);
        actors.start("parser", sample::parse);
    }

    @Test
    void brokenFetcherAndParserWaitForEachOther() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken();
            schedule(sample, actors);
            // full queues, and of each the only receiver is parked in a send
            actors.awaitUntil("the links are full", () -> sample.waitingLinks() == ROOM_FOR_LINKS);
            actors.awaitParked("parser", "addLink");
            actors.awaitUntil("the pages are full", () -> sample.pages.size() == 1);
            actors.awaitParked("fetcher", "sendPage");
            assertThat(sample.waitingLinks()).isEqualTo(ROOM_FOR_LINKS);
            assertThat(sample.pages.size()).isEqualTo(sample.pages.capacity());
        }
    }

    @Test
    void fixedBothEndAndEveryLinkIsKeptOrCounted() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            schedule(sample, actors);
            actors.awaitEnd();
            assertThat(sample.taken.get() + sample.waitingLinks() + sample.dropped.get())
                    .isEqualTo(PAGES * LINKS_OF_A_PAGE);
            assertThat(sample.dropped).as("links of one page beyond the capacity").hasPositiveValue();
        }
    }
}
