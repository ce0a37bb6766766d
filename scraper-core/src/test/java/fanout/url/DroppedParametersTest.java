package fanout.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DroppedParametersTest {

    private static final String SITE = "http://example.org";

    private static String without(String names, String path) {
        DroppedParameters dropped = DroppedParameters.of(List.of(names.split(" ")));
        CanonicalUrl url = CanonicalUrl.of(SITE + path);
        CanonicalUrl left = dropped.without(url);
        assertThat(CanonicalUrl.of(left.toString())).as("it is canonical").isEqualTo(left);
        assertThat(dropped.without(left)).as("it is the same when asked again").isSameAs(left);
        return left.toString().substring(SITE.length());
    }

    @ParameterizedTest
    @CsvSource({
        "sid, /?sid=1, /",
        "sid, /a?sid, /a",
        "sid, /a?b=1&sid=2&c=3, /a?b=1&c=3",
        "sid, /a?sid=1&b=1&sid=2, /a?b=1",
        "sid, /a?b=1&&sid=2, /a?b=1&",
        "sid, /a?&sid=2, /a",
        "sid, /a?SID=1&sids=2&xsid=3&b=sid, /a?SID=1&sids=2&xsid=3&b=sid",
        "sid, /a?, /a?",
        "sid, /sid=1?b, /sid=1?b",
        "utm_*, /a?utm_source=x&b=1&utm_=2&utm=3, /a?b=1&utm=3",
        "*id, /a?sid=1&id=2&ids=3, /a?ids=3",
        "a*c*e, /?abcde=1&ace=2&ae=3&acxe=4&aece=5&aexc=6, /?ae=3&aexc=6",
        "aa*aa, /?aaa=1&aaaa=2, /?aaa=1",
        "*a*, /?abc=1&xa=2&a=3&b=4, /?b=4",
        "a*cc*c, /?acc=1&accc=2, /?acc=1",
        "*, /a?b=1&c, /a",
        "*, /a?&, /a?&",
        "f[color], /?f%5Bcolor%5D=red&f[size]=1, /?f[size]=1",
        "f[color], /?f[color]=red, /",
        "größe, /?gr%C3%B6%C3%9Fe=1, /",
        "é, /?%C3%A9=1, /",
        "a%zz, /?a%zz=1, /",
        "a%4, /?a%4=1, /",
        "sid utm_*, /?utm_a=1&sid=2&b=3, /?b=3"})
    void parametersOfAQueryAreTakenOutByTheirNames(String names, String path, String left) {
        assertThat(without(names, path)).isEqualTo(left);
    }

    @Test
    void plusIsABlankInTheNamesOfAQueryOnly() {
        DroppedParameters dropped = DroppedParameters.of(List.of("a b"));

        assertThat(dropped.without(CanonicalUrl.of(SITE + "/x;a+b=1?a+b=2&a%20b=3&c")))
                .hasToString(SITE + "/x;a+b=1?c");
    }

    @Test
    void nameMayHaveAControlCharacter() {
        DroppedParameters dropped = DroppedParameters.of(List.of("a\u0001b"));

        assertThat(dropped.without(CanonicalUrl.of(SITE + "/?a%01b=1"))).hasToString(SITE + "/");
    }

    @ParameterizedTest
    @CsvSource({
        "jsessionid, /a;jsessionid=1F, /a",
        "jsessionid, /a;jsessionid=1F?b=1, /a?b=1",
        "jsessionid, /a;jsessionid=1F/b;v=1;jsessionid=2/, /a/b;v=1/",
        "jsessionid, /a;jsessionid;v=1, /a;jsessionid;v=1",
        "jsessionid, /a;v=jsessionid=1, /a;v=jsessionid=1",
        "jsessionid, /;jsessionid=1, /",
        "sid, /a;v=;sid=1, /a;v=",
        "sid, /a;sid=1?sid=2, /a",
        "sid, /a?b=1;sid=2, /a?b=1;sid=2",
        "s*, /a;sid=1;t=2;sort=3, /a;t=2"})
    void namedParametersOfAPathAreTakenOut(String names, String path, String left) {
        assertThat(without(names, path)).isEqualTo(left);
    }

    /** Without it the URL would be another one: that of the folder above. */
    @ParameterizedTest
    @ValueSource(strings = {"/a/..;sid=1/b", "/a/.;sid=1/b", "/a/..;sid=1"})
    void parameterThatHidesADotSegmentStays(String path) {
        assertThat(without("sid", path)).isEqualTo(path);
    }

    @Test
    void urlWithoutThemIsTheSameObject() {
        CanonicalUrl url = CanonicalUrl.of(SITE + "/a;v=1/b?c=1");

        assertThat(DroppedParameters.of(List.of("sid")).without(url)).isSameAs(url);
        assertThat(DroppedParameters.NONE.without(url)).isSameAs(url);
        assertThat(DroppedParameters.of(List.of())).isSameAs(DroppedParameters.NONE);
    }

    /** Looking at it would take long, and nothing so long is followed. */
    @Test
    void urlThatIsLongerThanAnyToFollowStays() {
        String start = SITE + "/?sid=";
        DroppedParameters dropped = DroppedParameters.of(List.of("sid"));
        CanonicalUrl url = CanonicalUrl.of(start + "x".repeat((1 << 16) - start.length() + 1));

        assertThat(dropped.without(url)).isSameAs(url);
        assertThat(dropped.without(CanonicalUrl.of(start + "x".repeat((1 << 16) - start.length()))))
                .hasToString(SITE + "/");
    }

    @Test
    void namesMakeThemEqual() {
        DroppedParameters dropped = DroppedParameters.of(List.of("a", "b*"));

        assertThat(dropped).isEqualTo(DroppedParameters.of(List.of("a", "b*")))
                .hasSameHashCodeAs(DroppedParameters.of(List.of("a", "b*")))
                .isNotEqualTo(DroppedParameters.of(List.of("a")))
                .hasToString("[a, b*]");
        assertThat(dropped.names()).containsExactly("a", "b*");
    }

    @Test
    void namesThatAreNoneAreRefused() {
        for (String name : Arrays.asList("", " ", "x".repeat(101))) {
            assertThatIllegalArgumentException().isThrownBy(() -> DroppedParameters.of(List.of(name)))
                    .withMessageStartingWith("scope.dropParameters must have names of 1 to 100 characters");
        }
        assertThat(DroppedParameters.of(Collections.nCopies(100, "x".repeat(100))).names()).hasSize(100);
        assertThatIllegalArgumentException().isThrownBy(() -> DroppedParameters.of(Collections.nCopies(101, "x")))
                .withMessage("scope.dropParameters must have at most 100 names, not 101");
    }
}
