package fanout.hostile;

import static java.util.stream.Collectors.joining;

import java.util.function.Function;
import java.util.stream.Stream;

/** The job file for a {@link HostileWeb}. */
final class HostileJob {

    private HostileJob() {}

    static String of(HostileWeb web) {
        return """
                # Everything else is the default.
                name: hostile
                startUrls:
                %ssitemaps:
                %snetwork: {allowedCidrs: [%s]}
                limits: {requestTimeout: 3s, maxDuration: 60s}
                politeness: {delay: 0, maxCrawlDelay: 300ms}
                retries: {backoff: 100ms}
                extract:
                  - {name: xpath, match: "/xpath", fields: {found: {xpath: "//p[last()]"}}}
                  - {name: css, match: "/css", fields: {found: {css: "p:has(b):has(i) ~ p ~ p"}}}
                """.formatted(list(web, HostileCase::startUrls), list(web, HostileCase::sitemaps), HostileWeb.CIDR);
    }

    private static String list(HostileWeb web, Function<HostileCase, java.util.List<String>> urls) {
        return web.cases()
                .stream()
                .flatMap(hostile -> urls.apply(hostile).stream().map(url -> web.absolute(hostile, url)))
                .flatMap(url -> Stream.of("  - \"" + url + "\"\n"))
                .collect(joining());
    }
}
