package fanout.app.config.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is secret in a job is known by its key, and all else is shown to the letter. */
class ShownDocumentTest {

    static Stream<Path> examples() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("examples"))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void anExampleIsShownAsItIsInAnyLayout(Path example) throws Exception {
        String text = Files.readString(example);
        assertThat(ShownDocument.of(text)).contains(text);
        String windows = "\ufeff" + text.replace("\n", "\r\n");
        assertThat(ShownDocument.of(windows)).contains(windows);
        String old = text.replace("\n", "\r");
        assertThat(ShownDocument.of(old)).contains(old);
    }

    @ParameterizedTest
    @ValueSource(strings = {"each: //a[@rel=\"next\"]", "x: '//user:password@host'",
        "startUrls: [\"http://a/@x//y@z\"]",
        "# headers: {Authorization: x}\na: b", "extract: [{name: token, fields: {password: {css: '.token'}}}]",
        "headers: text", "headers: [Authorization, x]", "http: {headers: {}}", "http: {proxy: null}", "http: {proxy: }",
        "http: {proxy: 'http://proxy.example:8080'}", "", "# nothing", "just text", "[1, 2]",
        "{\"http\": {\"headers\": {\"Accept\": \"text/html\"}}}", "a: \"\\ud83d\\ude00 \ud83d\ude00\"\nb: \ud83d\ude00",
        "http:\n  headers:\n    Accept: |\n      a\n      b\n    User-Agent: >-\n      c\n", "{\t\t\"a\":\t1}",
        "http: {headers: {Authorization: \"${secret:shop}\", X-Api-Key: 'Token ${KEY}'}}",
        "session: {headers: {Authorization: 'Bearer {token}'}}",
        "follow: [{request: {url: a, headers: {X-Token: '{page.token}'}}}]"})
    void whatIsNotSecretIsShownAsItIs(String text) {
        assertThat(ShownDocument.of(text)).contains(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Authorization", "authorization", "PROXY-AUTHORIZATION", "Cookie", "Set-Cookie", "X-Api-Key",
                "X-API-KEY", "apikey", "X-ApiKey", "Api_Key", "X-Auth-Token", "X-Auth", "X-AccessToken", "X-CSRF-Token",
                "X-Client-Secret",
                "X-Clientsecret", "X-Session", "X-Session-Id", "X-Password", "X-Amz-Credential", "X-Signature",
                "Ocp-Apim-Subscription-Key",
                "X-JWT", "Bearer"})
    void headersThatCarryASecretByTheirNameAreMasked(String name) {
        assertThat(ShownDocument.of("http: {headers: {" + name + ": abc, Accept: def}} # end"))
                .contains("http: {headers: {" + name + ": \"***\", Accept: def}} # end");
    }

    /** Where nothing is replaced, the braces belong to the login. */
    @ParameterizedTest
    @ValueSource(strings = {"http: {headers: {Authorization: %s}}", "startUrls: [{url: a, headers: {X-Key: %s}}]",
        "headers: {Cookie: %s}"})
    void aLoginInBracesIsMaskedWhereNoneAreReplaced(String job) {
        for (String login : List.of("'{hush}'", "'Bearer {hush}'", "'$${HUSH}'", "'${HUSH'", "'a ${HUSH}'")) {
            assertThat(ShownDocument.of(job.formatted(login))).as(login).contains(job.formatted("\"***\""));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Accept", "Accept-Language", "User-Agent", "Referer", "X-Author", "X-Keyboard", "From",
        "X-Requested-With",
        "DNT", "Range", "X-Monkey", "X-Sidebar"})
    void otherHeadersAreShown(String name) {
        String text = "http: {headers: {" + name + ": abc}}";
        assertThat(ShownDocument.of(text)).contains(text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"abc | '\"***\"'", "'\"a b\\\"c\"' | '\"***\"'", "'''a '''' b'''|'\"***\"'",
        "'|\n      abc\n      def' | '\"***\"'", "'>-\n      abc\n      def' | '\"***\"'",
        "'a\n      b # a comment' | '\"***\" # a comment'", "'[a, {b: c}]' | '[\"***\", {b: c}]'",
        "'\"\"' | '\"***\"'"})
    void aSecretIsMaskedHoweverItIsWritten(String written, String shown) {
        String text =
                "http:\n  headers:\n    Cookie: %s\n    # between\n    Accept: \"\ud83d\ude00\"\n    X-Key: k\nname: "
                        + "x\n";
        assertThat(ShownDocument.of(text.formatted(written)))
                .contains(text.formatted(shown).replace("X-Key: k", "X-Key: \"***\""));
    }

    @ParameterizedTest
    @CsvSource({"http://user:pass@host:80,http://***@host:80", "'\"http://user:p@ss@host\"','\"http://***@host\"'",
        "'''http://user@host''','''http://***@host'''", "user:pass@host:80,***@host:80",
        "'\"user:pass@host\"','\"***@host\"'",
        "'\"http:/\\x2Fuser:pass@host\"','\"***\"'", "'\"http://user:pass\\x40host\"','\"***\"'",
        "http://host/@x,http://host/@x"})
    void aProxyIsShownWithoutItsLogin(String written, String shown) {
        assertThat(ShownDocument.of("http: {proxy: " + written + ", cookies: false}\nx: {proxy: \"http://a:b@c\"}"))
                .contains("http: {proxy: " + shown + ", cookies: false}\nx: {proxy: \"http://a:b@c\"}");
    }

    @Test
    void headersOfRequestsAreMaskedToo() {
        assertThat(ShownDocument
                .of("startUrls:\n- {url: a, headers: {Cookie: x}}\n- url: b\n  headers:\n    Authorization: y\n"))
                .contains(
                        "startUrls:\n- {url: a, headers: {Cookie: \"***\"}}\n- url: b\n  headers:\n    Authorization: "
                                + "\"***\"\n");
        assertThat(ShownDocument.of("{\"http\": {\"headers\": {\"Cookie\": \"x\"}}}"))
                .contains("{\"http\": {\"headers\": {\"Cookie\": \"***\"}}}");
    }

    @Test
    void nothingIsShownOfWhatCannotBeRead() {
        for (String text : List.of("name: [", "a: *b: c", "\"\\u12", "a: \u0001", "- a\nb: c", "{\"a\": }}")) {
            assertThat(ShownDocument.of(text)).as(text).isEmpty();
        }
        assertThat(ShownDocument.of(new String(new byte[]{(byte) 0xff}, UTF_8))).isPresent();
    }
}
