package fanout.synthetic;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The web as a process of its own: {@code Serve key=value …} with the keys seed, hosts, pages, links, bytes, latencyMs,
 * port, log, ill. Prints the start URLs of all hosts on one line. Answers each line of standard input with a line of
 * JSON: how many requests came, how many are in flight, how many connections are open. Serves until standard input ends
 * (so it ends with its parent process), and then prints such a line once more.
 *
 * <p>With {@code log=1} it prints each request before that, as milliseconds since 1970 and path, and the last line has
 * the shortest time between two arrivals at one host.
 *
 * <p>With {@code ill=1} a tenth of the pages say nothing, a twentieth reset the connection, a twentieth answer 429 at
 * first, and a hundredth are 64 MiB of zeros in a small body; the last line has what is expected of them.
 */
public final class Serve {

    private Serve() {}

    public static void main(String[] arguments) throws IOException {
        SyntheticWebBuilder builder = SyntheticWeb.builder().crossHostLinks();
        boolean keepsArrivals = false;
        boolean isIll = false;
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("not key=value: " + argument);
            }
            String key = argument.substring(0, equals);
            int value = Integer.parseInt(argument.substring(equals + 1));
            if (key.equals("log")) {
                keepsArrivals = value == 1;
            } else if (key.equals("ill") && value == 1) {
                isIll = true;
                beIll(builder);
            } else {
                set(builder, key, value);
            }
        }
        if (!keepsArrivals) {
            SyntheticWebBuilder _ = builder.countsOnly();
        }
        try (SyntheticWeb web = builder.start()) {
            System.out.println(String.join(" ", web.startUrls()));
            BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            while (input.readLine() != null) {
                System.out.println("{" + counts(web) + "}");
            }
            if (keepsArrivals) {
                web.arrivals()
                        .forEach(each -> System.out.println(each.wallTime().toEpochMilli() + " " + each.path()));
            }
            System.out.println("{" + counts(web) + (keepsArrivals ? smallestGap(web) : "")
                    + (isIll ? expected(web) : "") + "}");
        }
    }

    private static String counts(SyntheticWeb web) {
        return "\"requests\":" + web.arrivalCount() + ",\"inFlight\":" + web.inFlight() + ",\"open\":"
                + web.openConnections();
    }

    private static String smallestGap(SyntheticWeb web) {
        Optional<Duration> smallest = web.startUrls()
                .stream()
                .map(url -> url.substring("http://".length(), url.length() - 1))
                .flatMap(host -> web.smallestGap(host).stream())
                .min(Duration::compareTo);
        return smallest.map(gap -> ",\"smallestGapMicros\":" + gap.toNanos() / 1000).orElse("");
    }

    private static String expected(SyntheticWeb web) {
        return web.expectedPages()
                .values()
                .stream()
                .collect(Collectors.groupingBy(ExpectedPage::kind, TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .map(each -> "\"" + each.getKey() + "\":" + each.getValue())
                .collect(Collectors.joining(",", ",\"expected\":{", "}"));
    }

    private static void beIll(SyntheticWebBuilder builder) {
        SyntheticWebBuilder _ = builder.fault(new Fault.Stalled(), 0.1)
                .fault(new Fault.Reset(), 0.05)
                .fault(new Fault.TooManyRequests(1, Duration.ofSeconds(1), false), 0.05)
                .fault(new Fault.Bomb(64), 0.01);
    }

    private static void set(SyntheticWebBuilder builder, String key, int value) {
        SyntheticWebBuilder _ =
                switch (key) {
                    case "seed" -> builder.seed(value);
                    case "hosts" -> builder.hosts(value);
                    case "pages" -> builder.pagesPerHost(value);
                    case "links" -> builder.linksPerPage(value);
                    case "bytes" -> builder.bodyBytes(value);
                    case "latencyMs" -> builder.latency(Latency.fixed(Duration.ofMillis(value)));
                    case "port" -> builder.port(value);
                    default -> throw new IllegalArgumentException("unknown key: " + key);
                };
    }
}
