package fanout.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SkippedExtensionsTest {

    private static CanonicalUrl url(String path) {
        return CanonicalUrl.of("http://example.pdf" + path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a.pdf", "/a.PDF", "/a.b.pdf", "/a/b.pdf?c=d.html", "/a.pdf?/c", "/a.pdf?",
        "/a.pdf;v=1.html", "/.pdf",
        "/a/%61.p%64f", "/x.jpeg", "/x.tar", "/x.7z", "/x.docx"})
    void urlThatEndsSoIsSkipped(String path) {
        assertThat(SkippedExtensions.USUAL.skip(url(path))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/pdf", "/a.pdf/", "/a.pdf/b", "/a.pdfx", "/a.xpdf", "/a.", "/a?b.pdf", "/a?b=/c.pdf",
        "/a;b=c.pdf", "/;.pdf", "/a.html", "/a.pd", "/a.pdf.html", "/a.-", "/a.pdf0000000000"})
    void otherUrlsAreNotSkipped(String path) {
        assertThat(SkippedExtensions.USUAL.skip(url(path))).isFalse();
        assertThat(SkippedExtensions.NONE.skip(url("/a.pdf"))).isFalse();
    }

    @Test
    void endingsOfAnyLengthAndCaseAreFound() {
        SkippedExtensions skipped = SkippedExtensions.of(List.of("A", "Eighteen", "webmanifest", "x_-9"));

        assertThat(skipped.names()).containsExactly("a", "eighteen", "webmanifest", "x_-9");
        assertThat(List.of("/b.a", "/b.eIghteen", "/b.WebManifest", "/b.X_-9")).allMatch(
                path -> skipped.skip(url(path)));
        assertThat(List.of("/b.aa", "/b.eighteem", "/b.eighteens", "/b.webmanifes", "/b.webmanifests", "/b.x_-"))
                .noneMatch(path -> skipped.skip(url(path)));
    }

    /** Each has a slot of its own, however many there are. */
    @Test
    void oneOfAThousandIsFoundAndNoOther() {
        SkippedExtensions skipped = SkippedExtensions.of(IntStream.range(0, 1000).mapToObj(i -> "e" + 2 * i).toList());

        for (int i = 0; i < 2000; i++) {
            assertThat(skipped.skip(url("/a.e" + i))).as("e%d", i).isEqualTo(i % 2 == 0);
        }
    }

    @Test
    void endingsOfTypesThatAreAskedForAreExempt() {
        SkippedExtensions usual = SkippedExtensions.USUAL;

        assertThat(usual.except(List.of("text/html"))).isSameAs(usual);
        assertThat(usual.except(List.of("Application/PDF")).skip(url("/a.pdf"))).isFalse();
        assertThat(usual.except(List.of("application/pdf")).skip(url("/a.png"))).isTrue();
        assertThat(usual.except(List.of("application/x-gzip")).names()).doesNotContain("gz", "tgz").contains("zip");
        SkippedExtensions noPictures = usual.except(List.of("image/*"));
        assertThat(noPictures.names()).doesNotContain("png", "jpg", "svg", "ico").contains("pdf", "mp3");
        assertThat(SkippedExtensions.of(List.of("json", "xyz")).except(List.of("application/json")))
                .isEqualTo(SkippedExtensions.of(List.of("xyz")));
    }

    /** One without would be skipped although its type is parsed. */
    @Test
    void eachUsualEndingHasAType() {
        SkippedExtensions left = SkippedExtensions.USUAL
                .except(List.of("application/*", "audio/*", "image/*", "text/*", "video/*"));

        assertThat(left).isNotEqualTo(SkippedExtensions.USUAL)
                .isEqualTo(SkippedExtensions.NONE)
                .hasSameHashCodeAs(SkippedExtensions.NONE)
                .hasToString("[]");
    }

    @Test
    void whatIsNoEndingIsRefused() {
        for (String wrong : List.of("", ".pdf", "tar.gz", "a/b", "x".repeat(21), "é")) {
            assertThatIllegalArgumentException().isThrownBy(() -> SkippedExtensions.of(List.of(wrong)))
                    .withMessageStartingWith("scope.skipExtensions must have endings without their dot, as in pdf")
                    .withMessageEndingWith("not \"" + wrong + "\"");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> SkippedExtensions.of(Collections.nCopies(1001, "x")))
                .withMessage("scope.skipExtensions must have at most 1000 endings, not 1001");
    }
}
