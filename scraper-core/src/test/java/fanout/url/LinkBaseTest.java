package fanout.url;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinkBaseTest {

    private static final int LINKS = Boolean.getBoolean("fanout.ci") ? 100_000 : 25_000;
    private static final LinkBase BASE = base("http://example.org/a/b/page.html?q=1");

    private static LinkBase base(String url) {
        return LinkBase.of(CanonicalUrl.of(url));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "c.html           | http://example.org/a/b/c.html",
        "./c.html         | http://example.org/a/b/c.html",
        "../c.html        | http://example.org/a/c.html",
        "../../c.html     | http://example.org/c.html",
        "../../../c.html  | http://example.org/c.html",
        "..               | http://example.org/a/",
        "../              | http://example.org/a/",
        ".                | http://example.org/a/b/",
        "c/../d           | http://example.org/a/b/d",
        "c/%2e%2E/d       | http://example.org/a/b/d",
        "/x/./y//z/       | http://example.org/x/y//z/",
        "?r=2             | http://example.org/a/b/page.html?r=2",
        "?                | http://example.org/a/b/page.html?",
        "'?#top'          | http://example.org/a/b/page.html?",
        "'#top'           | http://example.org/a/b/page.html?q=1",
        "'c#top'          | http://example.org/a/b/c",
        "//other.org/x    | http://other.org/x",
        "\\\\other.org\\x | http://other.org/x",
        "\\x\\y           | http://example.org/x/y",
        "http:foo         | http://example.org/a/b/foo",
        "http:/foo        | http://example.org/foo",
        "https:foo        | https://foo/",
        "HTTP://EXAMPLE.ORG:80/X | http://example.org/X",
        "http://example.org.uk/ | http://example.org.uk/",
        "http://example.org:81/ | http://example.org:81/",
        "http://example.org     | http://example.org/",
        "http://example.org?x   | http://example.org/?x",
        "c?x=../y&z=./w   | http://example.org/a/b/c?x=../y&z=./w",
        "c?x='y'          | http://example.org/a/b/c?x=%27y%27",
        "c d.html         | http://example.org/a/b/c%20d.html",
        "é                | http://example.org/a/b/%C3%A9",
        "\u0080           | http://example.org/a/b/%C2%80",
        "%7ec             | http://example.org/a/b/~c",
        "...              | http://example.org/a/b/...",
        ".hidden          | http://example.org/a/b/.hidden",
        "c;v=1            | http://example.org/a/b/c;v=1",
        "./a:b            | http://example.org/a/b/a:b"})
    void resolvesAsBrowsersDo(String link, String target) {
        assertThat(BASE.resolve(link).map(CanonicalUrl::toString)).contains(target);
    }

    @Test
    void ignoresWhiteSpaceAroundALinkAndLineBreaksInIt() {
        assertThat(BASE.resolve(" \t\n c.html \r\n").map(CanonicalUrl::toString))
                .contains("http://example.org/a/b/c.html");
        assertThat(BASE.resolve("ht\ntp://exam\tple.org/\rx").map(CanonicalUrl::toString))
                .contains("http://example.org/x");
    }

    @Test
    void takesAnEmptyLinkForThePageItself() {
        assertThat(BASE.resolve("")).containsSame(BASE.url());
        assertThat(BASE.resolve("#top")).containsSame(BASE.url());
        assertThat(BASE.resolve("  ")).contains(BASE.url());
    }

    @ParameterizedTest
    @ValueSource(strings = {"//[::%31]/", "http://[::%31]/x", "javascript:void(0)", "JavaScript:alert(1)",
        "mailto:a@example.org", "tel:+1",
        "data:text/html,x",
        "ftp://example.org/", "about:blank", "http://user@example.org/", "http://user:secret@example.org/",
        "//user@x.org/",
        "http://", "http://exa mple.org/", "http://[::1/", "http://example.org:99999/", "http://example.org:x/",
        "http://1.2.3.256/", "http://a..b/", "http://%00/"})
    void refusesWhatIsNoPlainWebAddress(String link) {
        assertThat(BASE.resolve(link)).isEmpty();
    }

    @Test
    void keepsTheBaseIfABaseElementIsUnusable() {
        assertThat(BASE.rebased("../x/y", 100).url()).hasToString("http://example.org/a/x/y");
        assertThat(BASE.rebased("/x", "http://example.org/x".length()).url()).hasToString("http://example.org/x");
        assertThat(BASE.rebased("javascript:0", 100)).isSameAs(BASE);
        assertThat(BASE.rebased("http://user@example.org/", 100)).isSameAs(BASE);
    }

    @Test
    void encodesQueriesThatAreNotAscii() {
        List<String> asked = new ArrayList<>();
        LinkBase base = LinkBase.of(BASE.url(), query -> {
            asked.add(query);
            return "%FF'";
        });
        assertThat(base.resolve("\u0439?\u0436=1#?\u0439").map(CanonicalUrl::toString))
                .contains("http://example.org/a/b/%D0%B9?%FF%27");
        assertThat(base.rebased("/?\u0442", 100).resolve("#top").map(CanonicalUrl::toString))
                .contains("http://example.org/?%FF%27");
        assertThat(base.rebased("/x", 100).resolve("?\u0443").map(CanonicalUrl::toString))
                .contains("http://example.org/x?%FF%27");
        assertThat(base.rebased("/xxxxx", 5).resolve("http://example.org/?\u0444").map(CanonicalUrl::toString))
                .contains("http://example.org/?%FF%27");
        assertThat(base.resolve("?\u0080").map(CanonicalUrl::toString))
                .contains("http://example.org/a/b/page.html?%FF%27");
        assertThat(base.resolve("?\u007f")).isPresent();
        assertThat(base.resolve("#?\u0439")).isPresent();
        assertThat(base.resolve("?a b")).isPresent();
        assertThat(base.resolve("\u0439#?\u0439")).isPresent();
        assertThat(asked).containsExactly("\u0436=1", "\u0442", "\u0443", "\u0444", "\u0080");
    }

    @Test
    void behindABaseThatIsTooLongOnlyAbsoluteLinksLeadSomewhere() {
        LinkBase tooLong = BASE.rebased("/" + "x".repeat(100) + "/", 100);
        assertThat(tooLong.resolve("a.html")).isEmpty();
        assertThat(tooLong.resolve("/a.html")).isEmpty();
        assertThat(tooLong.resolve("#a")).isEmpty();
        assertThat(tooLong.resolve(" HTTP://example.org/a.html"))
                .contains(CanonicalUrl.of("http://example.org/a.html"));
        assertThat(tooLong.resolve("mailto:a@example.org")).isEmpty();
    }

    @Test
    void sharesTheHostOfItsLinks() {
        assertThat(BASE.resolve("c").orElseThrow().host()).isSameAs(BASE.url().host());
        assertThat(BASE.resolve("http://example.org/%41").orElseThrow().host()).isSameAs(BASE.url().host());
    }

    /** The short way for plain links must never show. */
    @Test
    void givesTheSameForPlainLinksAsTheLongWay() {
        List<LinkBase> bases = List.of(BASE, base("http://example.org/"), base("http://example.org/?"),
                base("https://example.org:8443//a//b/?x=/y/../z"), base("http://[::1]:8080/a/%2F/b"),
                base("http://127.0.0.1/..a/.b/c."), base("http://example.org/a/b/?q"),
                base("https://example.org/a/%7"));
        String[] parts =
                {"../", "./", "..", ".", "/", "//", "a", "b.html", "?", "#", "%", "%41", "%2e", "%37", "7E", " ",
                    "\t", ":", "http:", "https:", "http://example.org", "https://example.org:8443",
                    "http://example.org:80", "\\",
                    "é", "'", "=", "&", "@", "|", "^", "[", "x=1", "~", "+", ";", ",", "*", "$", "!", "(", ")", "{",
                    "`", "\"", "<",
                    "-", "_", "\u0000", "１"};
        Random random = new Random(42);
        int plain = 0;
        for (int i = 0; i < LINKS; i++) {
            LinkBase base = bases.get(random.nextInt(bases.size()));
            StringBuilder link = new StringBuilder();
            // Half of the time only from the first parts, which make plain links.
            int choice = random.nextBoolean() ? 10 : parts.length;
            for (int n = random.nextInt(7); n > 0; n--) {
                link.append(parts[random.nextInt(choice)]);
            }
            Optional<CanonicalUrl> resolved = base.resolve(link.toString());
            assertThat(resolved).as("%s from %s", link, base.url()).isEqualTo(base.resolveAny(link.toString()));
            if (resolved.isPresent()) {
                String spelling = resolved.get().toString();
                assertThat(CanonicalUrl.parse(spelling)).as("canonical twice").isEqualTo(resolved);
                assertThat(resolved.get().host()).isEqualTo(CanonicalUrl.of(spelling).host());
                plain++;
            }
        }
        assertThat(plain).isGreaterThan(LINKS / 4);
    }

    @Test
    void linkThatIsFollowedLosesTheParametersToDrop() {
        LinkBase dropping = LinkBase.of(CanonicalUrl.of("http://example.org/a"), QueryEncoder.UTF_8,
                DroppedParameters.of(List.of("sid")));

        assertThat(dropping.follow("b?sid=1&c=2")).map(CanonicalUrl::toString).contains("http://example.org/b?c=2");
        assertThat(base("http://example.org/a").follow("b?sid=1")).map(CanonicalUrl::toString)
                .contains("http://example.org/b?sid=1");
    }
}
