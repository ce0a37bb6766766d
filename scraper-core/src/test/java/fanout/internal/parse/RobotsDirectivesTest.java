package fanout.internal.parse;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.parse.PageLinks.RobotsDirectives;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RobotsDirectivesTest {

    private static final RobotsDirectives DIRECTIVES = new RobotsDirectives("Our-Bot");

    @ParameterizedTest
    @ValueSource(strings = {"nofollow", " NoFollow ", "none", "noindex, nofollow", "noindex,none,noarchive",
        "our-bot: nofollow",
        "OUR-BOT : noindex, nofollow", "*: none", "otherbot: noindex, our-bot: nofollow",
        "unavailable_after: 25 Jun 2030 15:00:00 PST, nofollow", "max-snippet: 5, nofollow", ",,nofollow",
        "unavailable_after: Tuesday, 25-Jun-30 15:00:00 PST, nofollow",
        "unavailable_after: Tue, 25 Jun 2030 15:00:00 GMT, none", "unavailable_after: June 25, 2030, 3:00 PM, nofollow",
        "our-bot: unavailable_after: Tue, 25 Jun 2030 15:00 GMT, nofollow",
        "otherbot: none, our-bot: unavailable_after: Tue, 25 Jun 2030 15:00 GMT, nofollow",
        "unavailable_after: 2030-06-25T15:00:00+02:00, nofollow", "360spider: all, our-bot: nofollow"})
    void forbidFollowing(String directives) {
        assertThat(DIRECTIVES.forbidsFollowing(directives)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "follow", "noindex", "all", "nofollowing", "otherbot: nofollow",
        "otherbot: noindex, nofollow",
        "our-bot: noindex, otherbot: none", "unavailable_after: none", "nofollow:", ": noindex, nofollow",
        "otherbot: unavailable_after: Tue, 25 Jun 2030 15:00:00 GMT, nofollow", "360spider: noindex, nofollow",
        "unavailable_after: Tue, 25 Jun 2030 15:00:00 GMT, otherbot: nofollow", "bot2: 5, nofollow"})
    void allowFollowing(String directives) {
        assertThat(DIRECTIVES.forbidsFollowing(directives)).isFalse();
    }
}
