package fanout.synthetic;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The web as a process of its own: {@code Serve key=value …} with the keys seed, hosts, pages, links, bytes, latencyMs,
 * port, log. Prints the first host's start URL, serves until standard input ends (so it ends with its parent process), and then
 * prints how many requests came. With {@code log=1} it prints each before that, as milliseconds since 1970 and path.
 */
public final class Serve {

    private Serve() {}

    public static void main(String[] arguments) throws IOException {
        SyntheticWebBuilder builder = SyntheticWeb.builder().crossHostLinks();
        List<String> settings = new ArrayList<>(List.of(arguments));
        boolean isLogged = settings.remove("log=1");
        if (!isLogged) {
            builder.countsOnly();
        }
        for (String argument : settings) {
            int equals = argument.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("not key=value: " + argument);
            }
            set(builder, argument.substring(0, equals), Integer.parseInt(argument.substring(equals + 1)));
        }
        try (SyntheticWeb web = builder.start()) {
            System.out.println(web.urlOf(0, 0));
            while (System.in.read() >= 0) {
                // Only the end of the input means something.
            }
            if (isLogged) {
                web.arrivals()
                        .forEach(each -> System.out.println(each.wallTime().toEpochMilli() + " " + each.path()));
            }
            System.out.println(web.arrivalCount() + " requests");
        }
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
