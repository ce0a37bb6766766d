package fanout.internal.markup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PageScanTest {

    static Stream<String> nearMisses() {
        return NearMisses.PAGES.stream();
    }

    @ParameterizedTest
    @MethodSource("nearMisses")
    void nearMissIsReadAsTheDocumentSaysOrNotAtAll(String page) {
        Object scan = ScanOracle.byScan(page);
        if (!(scan instanceof NeedsTree)) {
            assertThat(scan).isEqualTo(ScanOracle.byTree(page));
        }
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
            TEMPLATE, <template><table></table></template>
            TEMPLATE, <head><template></template>
            FRAMES, <frameset>
            FOREIGN_CONTENT, <svg><foreignObject><a href=x></a></foreignObject></svg>
            FOREIGN_CONTENT, <math>
            ODD_ELEMENT, <plaintext>
            MOVED_BEFORE_TABLE, <table><tr><a href=x></a></table>
            TABLE_CELLS, <table><tr><td></th></table>
            SCRIPT_IN_COMMENT, <script><!-- <script></script> --></script>
            NOSCRIPT, <noscript><iframe src=x /></noscript>
            OPEN_TITLE, <title>t
            TEMPLATE, <div><noscript><template></template></noscript>
            MOVED_BEFORE_TABLE, <table><tr><title>t</title></table>
            """)
    void whatNeedsATreeIsNamed(NeedsTree reason, String page) {
        assertThat(ScanOracle.byScan(page)).isEqualTo(reason);
    }

    /** Real pages are full of it, and a document for each of them would be dear. */
    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            <a href=x><svg viewBox='0 0 1 1'><title>t</title><path d='M0 0'/></svg></a>
            <noscript><iframe src=x></iframe><img src=y></noscript>
            <head><noscript><meta http-equiv=refresh content='0; url=x'></noscript></head><body>
            <table><tr><td><a href=x>x<td><table><tr><td>y</table></table>
            <table><form><input><tr><th>x<script>y</script></table>
            <ul><li><a href=x>x<li><p>y</ul>
            <p><a href=x><div>x</div></a>
            <a name=x><h2>x</h2><a name=y>
            <script>document.write('<a href=x>')</script><style>a > b</style>
            <div><template><a href=x></a></template></div>
            <select><option>x<option>y</select><button>z</button>
            <title>a &amp; b</title><p>&copy;
            &nbsp;<br><title>a</title><head><noscript><link rel=next href=x></noscript></head>
            """)
    void ordinaryMarkupNeedsNoTree(String page) {
        assertThat(ScanOracle.byScan(page)).isEqualTo(ScanOracle.byTree(page));
    }

    @Test
    void depthOfLongListsAndOfManyParagraphsIsThatOfADocument() {
        for (String unit : List.of("<p>x", "<li><a href=x>y</a>", "<dt>x<dd>y", "<tr><td>x", "<p>x</p>",
                "<div><b>x</b></div>")) {
            String page = (unit.startsWith("<tr>") ? "<table>" : "<ul>") + unit.repeat(2_000) + "</ul>";
            assertThat(ScanOracle.byScan(page)).as(unit).isEqualTo(ScanOracle.byTree(page));
        }
    }

    @Test
    void titleIsTheFirstOfTheDocument() {
        for (String page : List.of("<title> a &lt; b </title><title>c</title>", "<p>x<title> a &lt; b </title>",
                "<div><template><title>t</title></template></div><title> a &lt; b </title>")) {
            assertThat(((ScanOracle) ScanOracle.byScan(page)).title()).as(page).isEqualTo(Optional.of(" a < b "));
        }
        assertThat(((ScanOracle) ScanOracle.byScan("<p>x<svg><title>t</title></svg>")).title()).isEmpty();
    }
}
