package fanout.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HtmlTest {

    @Test
    void textIsEscapedWhereverItStands() {
        Html link = Html.of("<a title=\"%s\">%s</a>", "\" onclick='x", "<script>&amp;");

        assertThat(link.markup())
                .isEqualTo("<a title=\"&quot; onclick=&#39;x\">&lt;script&gt;&amp;amp;</a>");
    }

    @Test
    void markupWithinMarkupIsNotEscapedAgain() {
        assertThat(Html.of("<p>%s</p>", Html.of("<b>%s</b>", "a & b")).markup()).isEqualTo("<p><b>a &amp; b</b></p>");
    }
}
