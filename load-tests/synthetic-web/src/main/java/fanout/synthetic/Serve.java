package fanout.synthetic;

import java.io.IOException;
import java.time.Duration;

/**
 * The web as a process of its own: {@code Serve key=value …} with the keys seed, hosts, pages, links, bytes, latencyMs,
 * port. Prints the first host's start URL, serves until standard input ends (so it ends with its parent process), and then
 * prints how many requests came.
 */
public final class Serve {

    private Serve() {}

    public static void main(String[] arguments) throws IOException {
        SyntheticWebBuilder builder = SyntheticWeb.builder().countsOnly().crossHostLinks();
        for (String argument : arguments) {
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
