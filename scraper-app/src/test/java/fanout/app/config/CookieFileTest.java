package fanout.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import fanout.job.GivenCookie;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CookieFileTest {

    private static final String COOKIE = "example.org\tFALSE\t/\tFALSE\t0\tsid\thush\n";

    @Test
    void readsWhatBrowsersExport() {
        String text = """
                # Netscape HTTP Cookie File

                .Example.org\tTRUE\t/\tTRUE\t1900000000.25\tsid\ta=b
                #HttpOnly_example.org\tFALSE\t/shop\tFALSE\t-1\tcart\t
                """;

        assertThat(CookieFile.read("\uFEFF" + text.replace("\n", "\r\n"), "c.txt"))
                .containsExactly(
                        new GivenCookie("example.org", true, "/", true,
                                Optional.of(Instant.ofEpochSecond(1_900_000_000L)), "sid", "a=b"),
                        new GivenCookie("example.org", false, "/shop", false, Optional.empty(), "cart", ""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "a.org TRUE / TRUE 0 hush     | expected 7 fields with tabs between them, found 6",
        ". TRUE / TRUE 0 n hush       | domain must be a host, as in example.org, not `\"\"",
        "a/b TRUE / TRUE 0 n hush     | domain must be a host, as in example.org, not `\"a/b\"",
        "a.org yes / TRUE 0 n hush    | subdomains (field 2) must be TRUE or FALSE",
        "a.org TRUE x TRUE 0 n hush   | path must start with /",
        "a.org TRUE / 1 0 n hush      | secure (field 4) must be TRUE or FALSE",
        "a.org TRUE / TRUE soon n hush| the expiry (field 5) must be in seconds since 1970, or 0 for none",
        "a.org TRUE / TRUE 0  hush    | name must not be blank, or begin or end so",
        "a.org TRUE / TRUE 0 n hush;  | name and value must not contain `\";\" or control characters"
    })
    void saysWhichLineIsWrongAndNotItsValue(String line, String message) {
        assertThatThrownBy(() -> CookieFile.read("# first\n" + line.replace(' ', '\t'), "c.txt"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("c.txt, line 2: " + message.replace("`", ""));
    }

    @Test
    void theFileIsRelativeToTheJob(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("c.txt"), COOKIE);
        Path job = Files.writeString(folder.resolve("job.yaml"), JobFiles.SMALL + "http: {cookiesFile: c.txt}\n");

        List<GivenCookie> read =
                JobFileReader.read("job.yaml", job, JobOverrides.NONE, Map.of()).job().http().givenCookies();
        assertThat(read).extracting(GivenCookie::name).containsExactly("sid");
        assertThat(read.toString()).doesNotContain("hush");
    }

    @Test
    void aFileThatCannotBeUsedIsNamedWithItsPlace(@TempDir Path folder) throws IOException {
        Path odd = Files.write(folder.resolve("odd"), new byte[]{(byte) 0xff});
        Path bad = Files.writeString(folder.resolve("bad"), COOKIE + "hush\n");
        Path many = Files.writeString(folder.resolve("many"), COOKIE.repeat(51));
        Path good = Files.writeString(folder.resolve("good"), COOKIE);

        assertThat(problem("cookiesFile: " + odd)).isEqualTo("job.yaml:3:21: cookiesFile " + odd + " is not UTF-8");
        assertThat(problem("cookiesFile: " + bad)).isEqualTo("job.yaml:3:21: cookiesFile " + bad
                + ", line 2: expected 7 fields with tabs between them, found 1");
        assertThat(problem("cookiesFile: " + folder + "/none"))
                .isEqualTo("job.yaml:3:21: cannot read cookiesFile " + folder + "/none: no such file or directory");
        assertThat(problem("cookiesFile: " + many)).startsWith("job.yaml:3:21: http.cookiesFile has more than 50 "
                + "cookies of example.org");
        assertThat(problem("cookies: false, cookiesFile: " + good))
                .isEqualTo("job.yaml:3:17: http.cookies must be true, because cookies are given");
    }

    private static String problem(String http) {
        List<String> problems = catchThrowableOfType(BadJobException.class,
                () -> JobFiles.read(JobFiles.SMALL + "http: {" + http + "}\n")).problems();
        assertThat(problems).hasSize(1);
        return problems.getFirst();
    }
}
