package fanout.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import fanout.url.Scope.Domain;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScopeTest {

    private static Scope domains(String... domains) {
        return new Scope(Stream.of(domains).map(Domain::parse).toList(), Set.of(), List.of(), List.of(), 20);
    }

    private static Scope patterns(List<String> include, List<String> exclude) {
        return new Scope(List.of(), Set.of(new Host("example.org", 80)),
                include.stream().map(TextPattern::of).toList(),
                exclude.stream().map(TextPattern::of).toList(), 20);
    }

    private static CanonicalUrl url(String url) {
        return CanonicalUrl.of(url);
    }

    @ParameterizedTest
    @CsvSource({"http://example.org/, true", "https://example.org:8443/, true", "http://www.example.org/, true",
        "http://a.b.example.org:81/, true", "http://notexample.org/, false", "http://example.org.evil.net/, false",
        "http://example.com/, false", "http://org/, false"})
    void aDomainCoversItsSubdomainsAndEveryPort(String url, boolean covered) {
        assertThat(domains("other.net", "EXAMPLE.org.").admits(url(url))).isEqualTo(covered);
    }

    @ParameterizedTest
    @CsvSource({"http://example.org:8080/, true", "http://www.example.org:8080/, true", "http://example.org/, false",
        "https://example.org/, false", "http://example.org:8081/, false"})
    void aDomainWithAPortCoversThatPort(String url, boolean covered) {
        assertThat(domains("example.org:8080").admits(url(url))).isEqualTo(covered);
    }

    @Test
    void aDomainMayNameItsDefaultPort() {
        Scope scope = domains("example.org:80");
        assertThat(scope.admits(url("http://example.org/"))).isTrue();
        assertThat(scope.admits(url("http://example.org:8080/"))).isFalse();
    }

    @Test
    void aDomainMayBeAnAddress() {
        assertThat(domains("127.0.0.1").admits(url("http://127.1:8080/"))).isTrue();
        assertThat(domains("[::1]").admits(url("http://[::1]:8080/"))).isTrue();
        assertThat(domains("[::1]:8080").admits(url("http://[::1]:8080/"))).isTrue();
        assertThat(domains("[::1]:8080").admits(url("http://[::1]/"))).isFalse();
        assertThat(domains("bücher.example").admits(url("http://www.xn--bcher-kva.example/"))).isTrue();
    }

    @Test
    void anAddressHasNoSubdomains() {
        assertThat(domains("0.0.1").admits(url("http://127.0.0.1/"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "http://example.org", "example.org/", "example.org/a", "example.org?x",
        "example.org#x",
        "user@example.org", "example.org:x", "*.example.org", "a b", ".", "example.org\\"})
    void whatIsNoDomainIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Domain.parse(text));
    }

    @Test
    void withoutDomainsTheHostsAndPortsOfTheStartUrlsAreMeant() {
        Scope scope = Scope.of(20).forHosts(Stream.of(new Host("example.org", 8080)));
        assertThat(scope.admits(url("http://example.org:8080/a"))).isTrue();
        assertThat(scope.admits(url("http://example.org/a"))).isFalse();
        assertThat(scope.admits(url("http://www.example.org:8080/a"))).isFalse();
    }

    @Test
    void withoutDomainsHttpAndHttpsAreOne() {
        for (int port : new int[]{80, 443}) {
            Scope scope = Scope.of(20).forHosts(Stream.of(new Host("example.org", port)));
            assertThat(scope.admits(url("http://example.org/"))).isTrue();
            assertThat(scope.admits(url("https://example.org/"))).isTrue();
            assertThat(scope.admits(url("https://example.org:8443/"))).isFalse();
        }
    }

    @Test
    void startHostsAreMeantOnlyWhereNoDomainsAreNamed() {
        Host other = new Host("www.example.net", 443);
        Scope scope = Scope.of(20).forHosts(Stream.of(new Host("example.org", 80)));
        assertThat(scope.covers(other)).isFalse();
        Scope named = domains("example.org");
        assertThat(named.forHosts(Stream.of(other))).isSameAs(named);
    }

    @Test
    void patternsAreFoundAnywhereInTheCanonicalUrl() {
        Scope scope = patterns(List.of("/docs/", "~user"), List.of("\\.htm$", "(?i)LOGOUT"));
        assertThat(scope.admits(url("http://example.org/docs/a"))).isTrue();
        assertThat(scope.admits(url("http://example.org/%7Euser"))).isTrue();
        assertThat(scope.admits(url("http://example.org/other"))).isFalse();
        assertThat(scope.admits(url("http://example.org/docs/a.htm"))).isFalse();
        assertThat(scope.admits(url("http://example.org/docs/a.htm?x"))).isTrue();
        assertThat(scope.admits(url("http://example.org/docs/logout"))).isFalse();
        assertThat(scope.admits(url("http://example.net/docs/a"))).isFalse();
        assertThat(patterns(List.of(), List.of()).admits(url("http://example.org/anything"))).isTrue();
    }

    @Test
    void aNegativeDepthIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Scope.of(-1));
        assertThat(Scope.of(0).maxDepth()).isZero();
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {"http://example.org/docs/a, -", "http://example.org/docs/old/a, EXCLUDE",
        "http://example.org/news, INCLUDE", "http://example.org/a.pdf, EXTENSION", "http://example.com/docs/a, DOMAIN",
        "http://example.com/a.pdf, DOMAIN"})
    void theRuleThatKeepsAUrlOutIsTold(String url, Scope.Rule rule) {
        Scope scope = patterns(List.of("/docs/"), List.of("/old/"));

        assertThat(scope.ruleAgainst(url(url))).isEqualTo(java.util.Optional.ofNullable(rule));
        assertThat(scope.admits(url(url))).isEqualTo(rule == null);
    }

    @Test
    void patternsCountWithoutTheHostToo() {
        Scope scope = patterns(List.of("/docs/"), List.of("/old/"));

        assertThat(scope.matches(url("http://example.com/docs/a"), (text, pattern) -> pattern.isFoundIn(text)))
                .isTrue();
        assertThat(scope.matches(url("http://example.com/docs/old/a"), (text, pattern) -> pattern.isFoundIn(text)))
                .isFalse();
        assertThat(scope.matches(url("http://example.org/news"), (text, pattern) -> pattern.isFoundIn(text)))
                .isFalse();
    }

    @Test
    void oneRuleChangesAndTheOthersStay() {
        DroppedParameters dropped = DroppedParameters.of(List.of("sid"));
        SkippedExtensions skipped = SkippedExtensions.of(List.of("pdf", "html"));
        Scope scope = domains("example.org").dropping(dropped).skipping(skipped).followingDuplicates(false);

        assertThat(scope.dropParameters()).isEqualTo(dropped);
        assertThat(scope.skipExtensions()).isEqualTo(skipped);
        assertThat(scope.followDuplicates()).isFalse();
        assertThat(scope.allowedDomains()).isEqualTo(domains("example.org").allowedDomains());
        assertThat(scope.forTypes(List.of("text/html")))
                .isEqualTo(scope.skipping(SkippedExtensions.of(List.of("pdf"))));
        assertThat(scope.forTypes(List.of("image/png"))).isSameAs(scope);
    }

    @Test
    void linksAreFollowedUpToTheDepth() {
        Scope scope = Scope.of(20).withMaxDepth(2);

        assertThat(scope.goesBeyond(1)).isTrue();
        assertThat(scope.goesBeyond(2)).isFalse();
        assertThat(scope.goesBeyond(3)).isFalse();
        assertThat(Scope.of(0).goesBeyond(0)).isFalse();
    }
}
