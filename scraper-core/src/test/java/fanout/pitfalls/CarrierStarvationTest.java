package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.parse.PageParser;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Quick sites time out whenever slow pages are parsed: the answer is there, but a virtual thread gives up its processor
 * only when it waits, and parsing never does.
 *
 * <pre>
 * fetcher              parser-1               parser-2               parser-3             (one processor)
 * wait for a site
 *                      parse the first piece                                              the site answers
 *                      Fixed:  wait a moment
 *                                             Fixed:  wait for room  Fixed:  wait for room
 * Fixed:  end
 *                      parse the rest         parse                  parse
 * Broken: end
 * </pre>
 */
@Pitfall(id = "carrier-starvation",
        question = "How long may virtual threads compute before another one that is ready gets a carrier?",
        go = "a tight loop that held its thread, until 1.14 learnt to pre-empt it; virtual threads did not",
        embodiedBy = PageParser.class)
class CarrierStarvationTest {

    /** Each page on its virtual thread, as it comes. */
    static final class Broken extends Sample {

        @Override
        void parse(String page) {
            for (int piece = 1; piece <= PIECES; piece++) {
                parsePiece(page, piece);
            }
        }
    }

    /**
     * As many pages at once as there are processors, and a moment's wait after each piece. The wait alone would let a
     * piece of every page go first; the bound alone would be none, since no more could run anyway.
     *
     * <p>Why not {@link Thread#yield}? On JDK 25 a virtual thread that yields joins a queue that its carrier looks at
     * before others. With one that computes and yields on each of two carriers, a third, started from outside, did not
     * run in 1.5 seconds, twelve times out of twelve; when they waited for 50 microseconds instead, it ran within 4
     * milliseconds.
     */
    static final class Fixed extends Sample {

        private final Semaphore room = new Semaphore(PROCESSORS);

        @Override
        void parse(String page) throws InterruptedException {
            room.acquire();
            try {
                for (int piece = 1; piece <= PIECES; piece++) {
                    parsePiece(page, piece);
                    LockSupport.parkNanos(MOMENT);
                }
            } finally {
                room.release();
            }
        }
    }

    abstract static class Sample {

        static final int PROCESSORS = 1;
        static final int PIECES = 3;
        static final long MOMENT = 50_000;

        final CountDownLatch siteAnswers = new CountDownLatch(1);
        final List<String> done = new ArrayList<>();
        int piecesDone;
        int piecesDoneBeforeTheFetch;

        abstract void parse(String page) throws InterruptedException;

        void fetch() throws InterruptedException {
            siteAnswers.await();
            piecesDoneBeforeTheFetch = piecesDone;
            done.add("fetch");
        }

        /** The answer comes while the first piece of the first page is computed. */
        void parsePiece(String page, int piece) {
            siteAnswers.countDown();
            piecesDone++;
            if (piece == PIECES) {
                done.add(page);
            }
        }
    }

    private static void schedule(Sample sample) throws InterruptedException {
        Carrier processor = new Carrier();
        processor.start("fetcher", sample::fetch);
        processor.run();
        for (int page = 1; page <= 3; page++) {
            String name = "page " + page;
            processor.start("parser-" + page, () -> sample.parse(name));
        }
        assertThat(sample.done).isEmpty();
        processor.runToTheEnd();
    }

    @Test
    void brokenFetchThatIsReadyRunsAfterEveryPage() throws InterruptedException {
        Broken sample = new Broken();
        schedule(sample);
        assertThat(sample.done).containsExactly("page 1", "page 2", "page 3", "fetch");
        assertThat(sample.piecesDoneBeforeTheFetch).as("all pieces of all pages").isEqualTo(3 * Sample.PIECES);
    }

    @Test
    void fixedFetchThatIsReadyRunsAfterOnePiece() throws InterruptedException {
        Fixed sample = new Fixed();
        schedule(sample);
        assertThat(sample.done).containsExactly("fetch", "page 1", "page 2", "page 3");
        assertThat(sample.piecesDoneBeforeTheFetch).isEqualTo(1);
    }
}
