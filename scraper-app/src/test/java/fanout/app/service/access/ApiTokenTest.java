package fanout.app.service.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which token holds when the environment and a file have one, and what is kept of it. */
class ApiTokenTest {

    private static final String VARIABLE = "SCRAPER_API_TOKEN";

    @TempDir
    private Path folder;

    private Optional<Path> file(String content) throws IOException {
        return Optional.of(Files.writeString(folder.resolve("token"), content));
    }

    private static ApiToken found(Map<String, String> environment, Optional<Path> file) throws IOException {
        return ApiToken.find(environment, file).orElseThrow();
    }

    @Test
    void theEnvironmentWinsAndTheFileIsNotEvenRead() throws IOException {
        ApiToken token = found(Map.of(VARIABLE, "of the environment"), file("of the file\n"));
        assertThat(token.isSame(SecretHash.of("of the environment"))).isTrue();
        assertThat(token.isSame(SecretHash.of("of the file"))).isFalse();
        assertThat(found(Map.of(VARIABLE, " padded\n"), Optional.of(folder.resolve("none")))
                .isSame(SecretHash.of("padded"))).isTrue();
    }

    @Test
    void withoutAVariableItIsTheFilesFirstLine() throws IOException {
        for (Map<String, String> environment : List.<Map<String, String>>of(Map.of(), Map.of(VARIABLE, ""),
                Map.of(VARIABLE, " \t"),
                Map.of("SCRAPER_TOKEN", "other"))) {
            ApiToken token = found(environment, file("  of the file \r\nsecond line\n"));
            assertThat(token.isSame(SecretHash.of("of the file"))).isTrue();
            assertThat(token.isSame(SecretHash.of("second line"))).isFalse();
        }
        assertThat(found(Map.of(), file("no line end")).isSame(SecretHash.of("no line end"))).isTrue();
    }

    @Test
    void aFileWithoutATokenIsAnErrorAndNoFileIsNone() throws IOException {
        assertThat(ApiToken.find(Map.of(), Optional.empty())).isEmpty();
        assertThat(ApiToken.find(Map.of(VARIABLE, " "), Optional.empty())).isEmpty();
        for (String blank : List.of("", "\n", " \t\nsecond line")) {
            assertThatThrownBy(() -> ApiToken.find(Map.of(), file(blank))).as("[" + blank + "]")
                    .isInstanceOf(IOException.class)
                    .hasMessage("its first line holds no token");
        }
        assertThatThrownBy(() -> ApiToken.find(Map.of(), Optional.of(folder.resolve("none"))))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aTokenOfTwentyCharactersIsNotShort() {
        assertThat(ApiToken.of("x".repeat(19)).isShort()).isTrue();
        assertThat(ApiToken.of("x".repeat(20)).isShort()).isFalse();
        assertThat(ApiToken.of("").isShort()).isTrue();
    }

    @Test
    void onlyTheSameTextIsTheToken() {
        ApiToken token = ApiToken.of("the token");
        for (String other : List.of("", "the token ", "The token", "the toke", "the tokenx", "eht token")) {
            assertThat(token.isSame(SecretHash.of(other))).as(other).isFalse();
        }
        assertThat(token.isSame(SecretHash.of("the token"))).isTrue();
        assertThat(token).hasToString("ApiToken[hash=a secret's hash, characters=9]");
        assertThat(token).isEqualTo(ApiToken.of("the token"))
                .hasSameHashCodeAs(ApiToken.of("the token"))
                .isNotEqualTo(ApiToken.of("the tokex"));
    }
}
