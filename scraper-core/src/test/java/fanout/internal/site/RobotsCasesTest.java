package fanout.internal.site;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.cases.Case;
import fanout.internal.host.RobotsRules;
import fanout.url.CanonicalUrl;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What robots.txt files mean, by RFC 9309 and by the parsers of others. */
class RobotsCasesTest {

    private static final CanonicalUrl ROBOTS = CanonicalUrl.of("http://example.org/robots.txt");

    static List<Case> cases() throws IOException {
        return Case.of(RobotsCasesTest.class, "robots-txt.txt", 2);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aFileSaysWhatItSaysToOthers(Case robots) {
        RobotsRules rules = new RobotsReader("Our-Bot/1.0 (+http://example.org/bot)").read(ROBOTS, robots.bytes(0));
        String asked = robots.input(1);
        String answer = switch (asked) {
            case "crawl-delay" -> rules.crawlDelay().map(Object::toString).orElse("none");
            case "sitemaps" -> rules.sitemaps().isEmpty() ? "none"
                    : rules.sitemaps().stream().map(CanonicalUrl::toString).collect(Collectors.joining(" "));
            default -> rules.allows(CanonicalUrl.of("http://example.org" + asked)) ? "allow" : "disallow";
        };
        assertThat(answer).isEqualTo(robots.expected());
    }
}
