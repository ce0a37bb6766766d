package fanout.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract's "Canonical URL" paragraph, and the URL standard's odder rules. */
class CanonicalUrlTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        // scheme and host
        "HTTP://EXAMPLE.org/                | http://example.org/",
        "https://example.org                | https://example.org/",
        "http:example.org                   | http://example.org/",
        "http:/example.org                  | http://example.org/",
        "http:////example.org/a             | http://example.org/a",
        "http:\\\\example.org\\a\\b         | http://example.org/a/b",
        "http://example.org./a              | http://example.org/a",
        "http://ex%61mple.org/              | http://example.org/",
        "http://ＥＸＡＭＰＬＥ.ｏｒｇ/       | http://example.org/",
        "http://example。org/               | http://example.org/",
        "http://bücher.example/             | http://xn--bcher-kva.example/",
        "http://BÜCHER.example/             | http://xn--bcher-kva.example/",
        "http://xn--bcher-kva.example/      | http://xn--bcher-kva.example/",
        "http://faß.example/                | http://xn--fa-hia.example/",
        "http://sub_domain.example.org/     | http://sub_domain.example.org/",
        // addresses
        "http://127.1/                      | http://127.0.0.1/",
        "http://0x7f.0.0.1/                 | http://127.0.0.1/",
        "http://0177.0.0.01/                | http://127.0.0.1/",
        "http://2130706433/                 | http://127.0.0.1/",
        "http://0x7F000001/                 | http://127.0.0.1/",
        "http://017700000001/               | http://127.0.0.1/",
        "http://127.0x1/                    | http://127.0.0.1/",
        "http://127.0.0.1./                 | http://127.0.0.1/",
        "http://１２７.０.０.１/             | http://127.0.0.1/",
        "http://0/                          | http://0.0.0.0/",
        "http://0x/                         | http://0.0.0.0/",
        "http://4294967295/                 | http://255.255.255.255/",
        "http://1.2.3/                      | http://1.2.0.3/",
        "http://0x0000000000000000007f000001/ | http://127.0.0.1/",
        "http://000000000000000000017700000001/ | http://127.0.0.1/",
        "http://1.2.3.4.example/            | http://1.2.3.4.example/",
        "http://1.2.3.4a/                   | http://1.2.3.4a/",
        "http://[::1]/                      | http://[::1]/",
        "http://[0:0:0:0:0:0:0:1]:80/       | http://[::1]/",
        "http://[2001:DB8::0:1]:8080/       | http://[2001:db8::1]:8080/",
        // ports
        "http://example.org:80/             | http://example.org/",
        "http://example.org:0080/           | http://example.org/",
        "http://example.org:443/            | http://example.org:443/",
        "https://example.org:443/           | https://example.org/",
        "https://example.org:80/            | https://example.org:80/",
        "http://example.org:/               | http://example.org/",
        "http://example.org:8080            | http://example.org:8080/",
        // path
        "http://example.org/a/./b/../c      | http://example.org/a/c",
        "http://example.org/../../a         | http://example.org/a",
        "http://example.org/a/..            | http://example.org/",
        "http://example.org/a/%2e%2E/b      | http://example.org/b",
        "http://example.org/a/.%2e/b        | http://example.org/b",
        "http://example.org/%2E/b           | http://example.org/b",
        "http://example.org//a//b//         | http://example.org//a//b//",
        "http://example.org/a/              | http://example.org/a/",
        "http://example.org/a\\..\\b        | http://example.org/b",
        "http://example.org/a b             | http://example.org/a%20b",
        "http://example.org/é               | http://example.org/%C3%A9",
        "http://example.org/%c3%a9          | http://example.org/%C3%A9",
        "http://example.org/%7Ea%33%2D%5f   | http://example.org/~a3-_",
        "http://example.org/%2f%25%3F%20    | http://example.org/%2F%25%3F%20",
        "http://example.org/%zz%4           | http://example.org/%zz%4",
        "http://example.org/%%37E           | http://example.org/%%37E",
        "http://example.org/%%301           | http://example.org/%%301",
        "http://example.org/%0%31           | http://example.org/%0%31",
        "http://example.org/%0a%a0          | http://example.org/%0A%A0",
        "http://example.org/%61%7A%41%5A%30%39 | http://example.org/azAZ09",
        "http://example.org/%60%7B%40%5B%2F%3A | http://example.org/%60%7B%40%5B%2F%3A",
        "http://example.org/%7%45           | http://example.org/%7%45",
        "http://example.org/a;b=c,d         | http://example.org/a;b=c,d",
        // query and fragment
        "http://example.org?                | http://example.org/?",
        "http://example.org/?               | http://example.org/?",
        "http://example.org/?b=2&a=1&&c     | http://example.org/?b=2&a=1&&c",
        "http://example.org/?a=/../b?c      | http://example.org/?a=/../b?c",
        "http://example.org/?%7e%2f+x y     | http://example.org/?~%2F+x%20y",
        "http://example.org/?é              | http://example.org/?%C3%A9",
        "http://example.org/#               | http://example.org/",
        "http://example.org/a#b?c           | http://example.org/a",
        "http://example.org#b               | http://example.org/"})
    void hasOneSpelling(String url, String canonical) {
        assertThat(CanonicalUrl.parse(url).map(CanonicalUrl::toString)).contains(canonical);
        assertThat(CanonicalUrl.of(canonical)).hasToString(canonical);
        assertThat(CanonicalUrl.of(canonical).toHttpUrl().host()).as("what the HTTP client asks for")
                .isEqualTo(CanonicalUrl.of(canonical).host().name());
    }

    @Test
    void losesControlCharactersAroundAndLineBreaksWithin() {
        assertThat(CanonicalUrl.of("\u0000\u001f ht\ttp://exam\nple.org/a\r\nb \u0001"))
                .hasToString("http://example.org/ab");
        assertThat(CanonicalUrl.of("http://exam\u00adple.org/")).as("soft hyphen").hasToString("http://example.org/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://[::%31]/", "https:\\\\[%3a:1]/", "HTTP:/[::%31]:80/", "", " ", "example.org", "/a",
        "//example.org/", "ftp://example.org/", "file:///etc/passwd",
        "javascript:alert(1)", "mailto:a@example.org", "ws://example.org/", "http://", "http:///", "https://?x",
        "http://#",
        "http://user@example.org/", "http://user:secret@example.org/", "http://:secret@example.org/",
        "http://example.org:65536/", "http://example.org:-1/", "http://example.org:0/", "http://example.org:8o/",
        "http://exa mple.org/", "http://exa<mple.org/", "http://example.org%2fx/", "http://%zz/", "http://a..b/",
        "http://example.org../", "http://./", "http://../", "http://[::1/", "http://[::g]/", "http://::1/",
        "http://256.0.0.1/", "http://1.2.3.4.5/", "http://1.2.3.08/", "http://4294967296/", "http://1.0x100000000/",
        "http://example.1/", "http://example.09/", "http://a.0x1/", "http://xn--/", "http://a\u0000b/"})
    void refusesWhatIsNoPlainWebAddress(String url) {
        assertThat(CanonicalUrl.parse(url)).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> CanonicalUrl.of(url))
                .withMessageContaining("not a plain");
    }

    @Test
    void tellsItsParts() {
        CanonicalUrl url = CanonicalUrl.of("HTTPS://[::1]:8443/a/b?c=d#e");
        assertThat(url.scheme()).isEqualTo("https");
        assertThat(url.isHttps()).isTrue();
        assertThat(url.host()).isEqualTo(new Host("::1", 8443));
        assertThat(url.host()).hasToString("[::1]:8443");
        assertThat(url.origin()).isEqualTo("https://[::1]:8443");
        assertThat(url.pathAndQuery()).isEqualTo("/a/b?c=d");
        assertThat(url.robotsTxt()).hasToString("https://[::1]:8443/robots.txt");
        assertThat(url.length()).isEqualTo(url.toString().length());
        assertThat(CanonicalUrl.of("http://example.org").host()).isEqualTo(new Host("example.org", 80));
        assertThat(CanonicalUrl.of("http://s/").isHttps()).isFalse();
        assertThat(CanonicalUrl.of("http://s/").scheme()).isEqualTo("http");
        assertThat(CanonicalUrl.of("http://s/").origin()).isEqualTo("http://s");
    }

    @Test
    void controlCharactersAndSpacesEndWhereTheUrlBegins() {
        assertThat(CanonicalUrl.withoutControls("\u0000 !\u0001 x\r y~ \u001f")).isEqualTo("!\u0001 x y~");
        assertThat(CanonicalUrl.withoutControls(" \t ")).isEmpty();
        assertThat(CanonicalUrl.withoutControls("a\nb")).isEqualTo("ab");
    }

    /** OkHttp lets none of these through today. */
    @Test
    void hostNamesHaveNoForbiddenCharacters() {
        for (char c : "\u0000\u001f <>^|%\u007f".toCharArray()) {
            assertThat(HostNames.canonical("a" + c + "b")).as("U+%04X", (int) c).isEmpty();
        }
        assertThat(HostNames.canonical("a!b")).isEqualTo("a!b");
    }

    @Test
    void aHostHasANameAndAPort() {
        assertThat(new Host("example.org", 1).port()).isEqualTo(1);
        assertThat(new Host("example.org", 65_535).port()).isEqualTo(65_535);
        assertThatIllegalArgumentException().isThrownBy(() -> new Host("example.org", 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Host("example.org", 65_536));
        assertThatIllegalArgumentException().isThrownBy(() -> new Host("", 80));
    }

    /** Of URLs that were written down: of the same origin they share its host, of another they are read anew. */
    @Test
    void isReadFromWhatItSpelledNearAnother() {
        CanonicalUrl near = CanonicalUrl.of("http://example.org:8080/a/b");

        CanonicalUrl same = near.near("http://example.org:8080/c?d").orElseThrow();
        assertThat(same).hasToString("http://example.org:8080/c?d");
        assertThat(same.host()).isSameAs(near.host());
        assertThat(near.near("http://example.org:8080/")).map(CanonicalUrl::toString)
                .hasValue("http://example.org:8080/");
        for (String other : List.of("http://example.org:8081/c", "https://example.org:8080/c",
                "http://example.com/long/path",
                "http://a/")) {
            assertThat(near.near(other)).contains(CanonicalUrl.of(other));
        }
        assertThat(CanonicalUrl.of("http://example.org/").near("http://example.org:8080/c").orElseThrow().host())
                .isEqualTo(near.host());
        assertThat(near.near("http://example.org:8080").map(CanonicalUrl::toString)).as("read as a person's")
                .hasValue("http://example.org:8080/");
        assertThat(near.near("no URL")).isEmpty();
    }

    @Test
    void isEqualBySpelling() {
        assertThat(CanonicalUrl.of("http://EXAMPLE.org:80/%7ea#b"))
                .isEqualTo(CanonicalUrl.of("http://example.org/~a"))
                .hasSameHashCodeAs(CanonicalUrl.of("http://example.org/~a"))
                .isNotEqualTo(CanonicalUrl.of("https://example.org/~a"))
                .doesNotHaveSameHashCodeAs(CanonicalUrl.of("https://example.org/~a"))
                .isLessThan(CanonicalUrl.of("http://example.org/~b"));
    }

    @Test
    void survivesALinkOfMegabytes() {
        assertThat(CanonicalUrl.parse("http://example.org/" + "a/../".repeat(500_000))).hasValueSatisfying(
                url -> assertThat(url).hasToString("http://example.org/"));
        assertThat(CanonicalUrl.parse("data:text/html," + "x".repeat(5_000_000))).isEmpty();
        assertThat(CanonicalUrl.of("http://example.org/" + "%41".repeat(100_000)).length()).isEqualTo(100_019);
    }
}
