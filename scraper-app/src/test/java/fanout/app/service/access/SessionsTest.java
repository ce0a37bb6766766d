package fanout.app.service.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SessionsTest {

    private final Sessions sessions = new Sessions();

    @Test
    void eachLoginIsASessionOfItsOwnUntilItsLogout() {
        String one = sessions.begin();
        String other = sessions.begin();
        assertThat(one).isNotEqualTo(other);
        sessions.end(one);
        assertThat(sessions.isOpen(one)).isFalse();
        assertThat(sessions.isOpen(other)).isTrue();
        assertThat(sessions.isOpen("")).isFalse();
    }

    @Test
    void theOldestOfMoreThanAThousandIsOver() {
        String first = sessions.begin();
        String second = sessions.begin();
        for (int i = 0; i < 998; i++) {
            sessions.begin();
        }
        assertThat(sessions.isOpen(first)).as("of a thousand").isTrue();
        sessions.begin();
        assertThat(sessions.isOpen(first)).isFalse();
        assertThat(sessions.isOpen(second)).isTrue();
    }
}
