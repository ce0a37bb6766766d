package fanout.simulation;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a URL of the simulated web answers. */
sealed interface Content {

    /** A page with links, some of which repeat, and some of which are not to be followed. */
    record Html(List<String> links, List<String> nofollow) implements Content {

        /** All links, as they stand in the page. */
        List<String> inOrder() {
            return Stream.concat(links.stream(), nofollow.stream()).toList();
        }

        byte[] body() {
            StringBuilder text = new StringBuilder("<title>t</title><p>");
            links.forEach(link -> text.append("<a href=\"").append(link).append("\">x</a>"));
            nofollow.forEach(link -> text.append("<a rel=nofollow href=\"").append(link).append("\">x</a>"));
            return text.toString().getBytes(StandardCharsets.UTF_8);
        }
    }

    /** A page as its server writes it. */
    record Text(int status, String type, String text) implements Content {}

    /** Something of a type that is not read. */
    record Image() implements Content {}

    /** A redirect. */
    record Moved(int status, String location) implements Content {}

    /** Nothing, or nothing today. */
    record Status(int status) implements Content {}

    /** No answer ever: the connection is reset. */
    record Dead() implements Content {}

    /** At an address that the job does not allow. */
    record Inner() implements Content {}

    /** Rules for every user agent, and a sitemap. */
    record Robots(boolean forbidsPrivate, Optional<Duration> crawlDelay, String sitemap) implements Content {

        byte[] body() {
            String text = "User-agent: *\n" + (forbidsPrivate ? "Disallow: /private/\n" : "Disallow:\n")
                    + crawlDelay.map(delay -> "Crawl-delay: " + delay.toMillis() / 1e3 + "\n").orElse("")
                    + "Sitemap: " + sitemap + "\n";
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Pages, linked to or not. */
    record Sitemap(List<String> pages) implements Content {

        byte[] body() {
            return pages.stream()
                    .map(page -> "<url><loc>" + page + "</loc></url>")
                    .collect(Collectors.joining("",
                            "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">", "</urlset>"))
                    .getBytes(StandardCharsets.UTF_8);
        }
    }
}
