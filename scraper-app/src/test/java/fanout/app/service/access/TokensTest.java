package fanout.app.service.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.app.service.access.NewToken.BadTokenException;
import fanout.app.service.access.Tokens.Creation;
import fanout.app.service.http.Caller;
import fanout.app.store.DataFolder;
import fanout.app.store.StoredToken;
import fanout.app.store.TokenRole;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What tokens open, and until when, by a clock of the test. */
class TokensTest {

    private static final Instant BEGIN = Instant.parse("2030-01-01T10:20:30.456Z");

    @TempDir
    private Path folder;
    private DataFolder data;
    private Instant now = BEGIN;

    @BeforeEach
    void open() throws IOException {
        data = DataFolder.open(folder);
    }

    @AfterEach
    void close() throws IOException {
        data.close();
    }

    private Tokens tokens(boolean isLoopback, String... configured) throws IOException {
        return new Tokens(Optional.of(String.join("", configured)).filter(token -> !token.isEmpty()).map(ApiToken::of),
                data.tokens(), isLoopback, () -> now);
    }

    private String created(Tokens tokens, String name, TokenRole role, Duration length) throws IOException {
        Creation creation = tokens.create(
                new NewToken(name, role, Optional.of(length).filter(Duration::isPositive).map(BEGIN::plus)));
        assertThat(creation).isInstanceOf(Creation.Created.class);
        return ((Creation.Created) creation).secret();
    }

    @Test
    void aTokenIsValidUntilTheMomentOfItsExpiry() throws IOException {
        Tokens tokens = tokens(true);
        String brief = created(tokens, "brief", TokenRole.READ, Duration.ofHours(1));
        String lasting = created(tokens, "lasting", TokenRole.RUN, Duration.ZERO);
        Caller caller = tokens.caller(brief).orElseThrow();
        assertThat(caller.token()).contains("brief");
        assertThat(caller.role()).isEqualTo(TokenRole.READ);
        now = BEGIN.plus(Duration.ofHours(1)).minusMillis(1);
        assertThat(caller.isValid()).isTrue();
        now = BEGIN.plus(Duration.ofHours(1));
        assertThat(caller.isValid()).isFalse();
        assertThat(tokens.caller(brief)).as("known, so that it can be named").contains(caller);
        now = BEGIN.plus(Duration.ofDays(100_000));
        assertThat(tokens.caller(lasting)).hasValueSatisfying(one -> assertThat(one.isValid()).isTrue());
    }

    @Test
    void onlyTheWholeTokenIsKnownAndNeverItsHash() throws IOException {
        Tokens tokens = tokens(true, "the token of the environment");
        String token = created(tokens, "ci", TokenRole.RUN, Duration.ZERO);
        for (String wrong : new String[]{"", "fsc_", token.substring(4), token.substring(1), token + "A",
            token.substring(0, 46), token.toUpperCase(Locale.ROOT), data.tokens().all().getFirst().hash(),
            "the token of the"}) {
            assertThat(tokens.caller(wrong)).as(wrong).isEmpty();
        }
        assertThat(tokens.caller(token).orElseThrow().token()).contains("ci");
        Caller configured = tokens.caller("the token of the environment").orElseThrow();
        assertThat(configured.token()).contains("SCRAPER_API_TOKEN");
        assertThat(configured.role()).isEqualTo(TokenRole.ADMIN);
    }

    @Test
    void tokensOfManyCreationsDiffer() throws IOException {
        Tokens tokens = tokens(true);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            seen.add(created(tokens, "t" + i, TokenRole.RUN, Duration.ZERO));
        }
        assertThat(seen).hasSize(50).allMatch(token -> token.length() == 47);
    }

    @Test
    void tokensAreNeededUnlessLoopbackHasNone() throws IOException {
        assertThat(tokens(false).areNeeded()).isTrue();
        assertThat(tokens(false).anyone()).isEmpty();
        assertThat(tokens(true, "x").areNeeded()).isTrue();
        Tokens tokens = tokens(true);
        Caller anyone = tokens.anyone().orElseThrow();
        assertThat(anyone.isValid()).isTrue();
        assertThat(anyone.token()).isEmpty();
        created(tokens, "brief", TokenRole.METRICS, Duration.ofMillis(1));
        now = BEGIN.plusSeconds(1);
        assertThat(tokens.areNeeded()).as("an expired one counts").isTrue();
        assertThat(anyone.isValid()).isFalse();
        assertThat(tokens(true).areNeeded()).as("after a restart").isTrue();
        assertThat(tokens.delete("brief")).isTrue();
        assertThat(tokens.delete("brief")).isFalse();
        assertThat(tokens.areNeeded()).isFalse();
        assertThat(tokens(true).areNeeded()).isFalse();
    }

    @Test
    void anAdminIsOneThatIsValidAndNotShort() throws IOException {
        assertThat(tokens(false).haveAdmin()).isFalse();
        assertThat(tokens(false, "x".repeat(19)).haveAdmin()).isFalse();
        assertThat(tokens(false, "x".repeat(20)).haveAdmin()).isTrue();
        Tokens tokens = tokens(false);
        created(tokens, "run", TokenRole.RUN, Duration.ZERO);
        assertThat(tokens.haveAdmin()).isFalse();
        created(tokens, "admin", TokenRole.ADMIN, Duration.ofHours(1));
        assertThat(tokens.haveAdmin()).isTrue();
        assertThat(tokens(false).haveAdmin()).as("after a restart").isTrue();
        now = BEGIN.plus(Duration.ofHours(1));
        assertThat(tokens.haveAdmin()).isFalse();
    }

    @Test
    void aDeletedTokenIsNoCallerAndAnotherOfItsNameIsAnother() throws IOException {
        Tokens tokens = tokens(false);
        String first = created(tokens, "ci", TokenRole.RUN, Duration.ZERO);
        Caller caller = tokens.caller(first).orElseThrow();
        Creation again = tokens.create(new NewToken("ci", TokenRole.ADMIN, Optional.empty()));
        assertThat(again).isEqualTo(new Creation.Hindered("there is a token ci; delete it first"));
        tokens.delete("ci");
        assertThat(caller.isValid()).isFalse();
        created(tokens, "ci", TokenRole.RUN, Duration.ZERO);
        assertThat(caller.isValid()).isFalse();
        assertThat(tokens.caller(first)).isEmpty();
    }

    @Test
    void theHourOfTheLastUseIsKept() throws IOException {
        Tokens tokens = tokens(false);
        Caller caller = tokens.caller(created(tokens, "ci", TokenRole.RUN, Duration.ZERO)).orElseThrow();
        assertThat(tokens.list().getFirst().usedAt()).isEmpty();
        for (String[] step : new String[][]{{"2030-01-01T10:20:30Z", "2030-01-01T10:00:00Z"},
            {"2030-01-01T10:59:59Z", "2030-01-01T10:00:00Z"}, {"2030-01-01T11:00:00Z", "2030-01-01T11:00:00Z"}}) {
            now = Instant.parse(step[0]);
            tokens.letIn(caller);
            assertThat(tokens.list().getFirst().usedAt()).contains(Instant.parse(step[1]));
            assertThat(tokens(true).list()).extracting(StoredToken::usedAt)
                    .containsExactly(Optional.of(Instant.parse(step[1])));
        }
    }

    /** What it may open is not guessed. */
    @ParameterizedTest
    @ValueSource(strings = {"role = 'root'", "role = 'ADMIN'", "hash = 'x'", "hash = upper(hash) || 'Z'"})
    void aRowThatThisProgramDidNotWriteKeepsTheDoorShut(String changed) throws Exception {
        created(tokens(false), "ci", TokenRole.METRICS, Duration.ZERO);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("history.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE token SET " + changed);
        }
        assertThatThrownBy(() -> tokens(true)).isInstanceOf(IOException.class)
                .hasMessage("history.db has a token that this program did not write; restore it from a backup");
    }

    @Test
    void anExpiryIsWithinTenYears() throws BadTokenException {
        Optional<String> none = Optional.empty();
        assertThat(NewToken.read("ci", "run", Optional.of("3660d"), none, now).expiresAt())
                .contains(now.plus(Duration.ofDays(3_660)));
        assertThat(NewToken.read("ci", "run", none, Optional.of("2030-01-01T12:20:30.457+02:00"), now).expiresAt())
                .contains(now.plusMillis(1));
        assertThat(NewToken.read("ci", "run", none, none, now))
                .isEqualTo(new NewToken("ci", TokenRole.RUN, Optional.empty()));
        for (String late : new String[]{"87840h1", "3661d", "P4000D"}) {
            assertThatThrownBy(() -> NewToken.read("ci", "run", Optional.of(late), none, now))
                    .isInstanceOf(BadTokenException.class);
        }
        assertThatThrownBy(
                () -> NewToken.read("ci", "run", none, Optional.of("2030-01-01T10:20:30.456Z"), now))
                .hasMessage("the expiry must be in the future");
    }
}
