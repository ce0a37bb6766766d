package fanout.load;

import fanout.page.Content;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Measures what a URL costs, in memory and in time, in crawls of different sizes: the same hosts with more pages each,
 * and URLs of 80 characters on average. Prints a table of Markdown.
 *
 * <p>{@code SizeLoad HOSTS URLS...}: the first number of URLs is what the others are compared with.
 */
public final class SizeLoad {

    /** A small crawl is driven again and again, until it has fetched so many. */
    private static final int FETCHED_AT_LEAST = 1_000_000;
    private static final Scenario SCENARIO = new Scenario(Duration.ZERO, Scenario.Source.OFFERED);

    private final int hosts;

    private SizeLoad(int hosts) {
        this.hosts = hosts;
    }

    /**
     * A crawl's costs.
     *
     * @param waiting bytes of the heap for a URL that waits
     * @param seen bytes of the heap for a URL that was fetched
     * @param read bytes of the heap for a URL that was fetched, with a content that no other has
     * @param nanos of take, written and finish together
     */
    record Size(int urls, double waiting, double seen, double read, double nanos) {}

    public static void main(String[] arguments) throws InterruptedException {
        int[] numbers = Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray();
        SizeLoad load = new SizeLoad(numbers[0]);
        load.of(numbers[1]); // code is compiled
        List<Size> sizes = new ArrayList<>();
        for (int urls : Arrays.copyOfRange(numbers, 1, numbers.length)) {
            sizes.add(load.of(urls));
            System.err.printf("%,d URLs%n", urls);
        }
        System.out.println("| URLs | heap for one that waits, bytes | heap for one that was fetched, bytes "
                + "| the same with a content of its own, bytes | take + written + finish, ns | ratio |\n"
                + "|---:|---:|---:|---:|---:|---:|");
        double first = sizes.getFirst().nanos();
        sizes.forEach(size -> System.out.printf("| %,d | %.0f | %.0f | %.0f | %.0f | %.2f |%n", size.urls(),
                size.waiting(), size.seen(), size.read(), size.nanos(), size.nanos() / first));
    }

    /** The costs of so many URLs, at least one for each host. */
    Size of(int urls) throws InterruptedException {
        Costs costs = new Costs();
        for (int fetched = urls; fetched < FETCHED_AT_LEAST; fetched += urls) {
            Drive drive = drive(urls, costs);
            drive.fetchAll();
            drive.leave();
        }
        long before = Heap.used();
        Drive drive = drive(urls, costs);
        drive.round(); // until the first step, the frontier keeps what is to be written of the URLs
        long waiting = Heap.used() - before;
        drive.fetchAll();
        long seen = Heap.used() - before;
        drive.leave(); // not before: what is measured must be reachable
        return new Size(urls, (double) waiting / urls, (double) seen / urls, (double) read(urls) / urls,
                costs.perUrl());
    }

    /** The heap that pages take once they are fetched, each with a content of its own. */
    private long read(int urls) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(urls);
        long before = Heap.used();
        Drive drive = drive(new Drive(SCENARIO, hosts, new Costs(), () -> content(random)), urls);
        drive.fetchAll();
        long read = Heap.used() - before;
        drive.leave();
        return read;
    }

    private static Content content(SplittableRandom random) {
        byte[] hash = new byte[32];
        random.nextBytes(hash);
        return new Content(1, Optional.empty(), Optional.of(HexFormat.of().formatHex(hash)), Optional.empty(), 0, 0);
    }

    private Drive drive(int urls, Costs costs) {
        return drive(new Drive(SCENARIO, hosts, costs), urls);
    }

    private Drive drive(Drive drive, int urls) {
        int pages = urls / hosts;
        drive.offer(pages, host -> ScenarioPages.longOnesOf(host, pages));
        return drive;
    }
}
