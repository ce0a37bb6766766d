package fanout.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RobotsDirectivesTest {

    private static final RobotsDirectives DIRECTIVES = new RobotsDirectives("Our-Bot");

    @ParameterizedTest
    @ValueSource(strings = {"nofollow", " NoFollow ", "none", "noindex, nofollow", "noindex,none,noarchive",
        "our-bot: nofollow",
        "OUR-BOT : noindex, nofollow", "*: none", "otherbot: noindex, our-bot: nofollow",
        "unavailable_after: 25 Jun 2030 15:00:00 PST, nofollow", "max-snippet: 5, nofollow", ",,nofollow"})
    void forbidFollowing(String directives) {
        assertThat(DIRECTIVES.forbidsFollowing(directives)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "follow", "noindex", "all", "nofollowing", "otherbot: nofollow",
        "otherbot: noindex, nofollow",
        "our-bot: noindex, otherbot: none", "unavailable_after: none", "nofollow:", ": noindex, nofollow"})
    void allowFollowing(String directives) {
        assertThat(DIRECTIVES.forbidsFollowing(directives)).isFalse();
    }
}
