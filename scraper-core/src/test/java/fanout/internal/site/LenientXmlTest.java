package fanout.internal.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Markup cut into tokens: a tag with what stands behind its name, {@code [text]}, an end tag, a document type. */
class LenientXmlTest {

    private static String tokens(String markup) throws IOException {
        LenientXml xml = new LenientXml(new StringReader(markup));
        List<String> tokens = new ArrayList<>();
        while (true) {
            switch (xml.next()) {
                case START -> tokens.add("<" + xml.name() + "|" + xml.content() + ">");
                case END -> tokens.add("</" + xml.name() + ">");
                case TEXT -> tokens.add("[" + xml.content() + "]");
                case DOCTYPE -> tokens.add("!" + xml.content());
                case END_OF_INPUT -> {
                    return String.join(" ", tokens);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", quoteCharacter = '\u0001', value = {
        "<a>b</a> => <a|> [b] </a>",
        "<a />b => <a| /> </a> [b]",
        "<a x=\"1>2\" y='<'>b => <a| x=\"1>2\" y='<'> [b]",
        "<a x = \"1>2\">b => <a| x = \"1>2\"> [b]",
        "<a x=1\"2>b => <a| x=1\"2> [b]",
        "<a x='1\"2'>b => <a| x='1\"2'> [b]",
        "<a x=\"1\"2\">b => <a| x=\"1\"2\"> [b]",
        "<a \"x\">b => <a| \"x\"> [b]",
        "<a<b>c => <a|> <b|> [c]",
        "</a<b>c => </a> <b|> [c]",
        "1 < 2 <3<a> => [1 ] [< 2 ] [<3] <a|>",
        "a<<b> => [a] [<] <b|>",
        "a&amp;b => [a&b]",
        "<!-- a > - -- b -->c => [c]",
        "<!---->c => [c]",
        "<!-- a --->c => [c]",
        "<!-a>c => [c]",
        "<!ELEMENT a (b)>c => [c]",
        "<![CDATA[a<b&amp;]]>c => [a<b&amp;] [c]",
        "<![CDATA[]]>c => [] [c]",
        "<![CDATA[a]]]>c => [a]] [c]",
        "<![CDA[a]]>c => [c]",
        "<!DOCTYPE a>c => ! a [c]",
        "<?xml version='1.0'?>c => [c]",
        "<?a > b?>c => [c]"})
    void isCutIntoTokens(String markup, String tokens) throws IOException {
        assertThat(tokens(markup)).isEqualTo(tokens);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "<", "<a", "<a x='>", "</a", "<!", "<!-- a --", "<!-- a ->", "<![CDATA[a]]", "<![CDATA[a]>",
                "<!DOCTYPE a", "<!ELEMENT", "<?a", "<?a>"})
    void whatIsCutOffIsNoToken(String markup) throws IOException {
        assertThat(tokens("b" + markup)).isIn("[b]", "[b] [<]");
    }

    @Test
    void namesBeginWithALetterAndNothingElseDoes() throws IOException {
        for (char c : "azAZmM_:\u0080é\uFFFD".toCharArray()) {
            assertThat(tokens("<" + c + ">")).isEqualTo("<" + c + "|>");
        }
        for (char c : "`{@[^0 9-.\u007F\u0000=>".toCharArray()) {
            assertThat(tokens("<" + c + ">")).isEqualTo("[<" + c + ">]");
        }
    }

    /** The character 0 is one like any other, and the end is behind it. */
    @Test
    void theCharacterZeroIsNotTheEnd() throws IOException {
        assertThat(tokens("\u0000a<b \u0000>c<!--\u0000-->d<\u0000e"))
                .isEqualTo("[\u0000a] <b| \u0000> [c] [d] [<\u0000e]");
        assertThat(tokens("<a<\u0000>")).isEqualTo("<a|> [<\u0000>]");
    }

    @Test
    void tokensAreTheSameWhereTheBufferEnds() throws IOException {
        for (int length = (8 << 10) - 12; length < (8 << 10) + 2; length++) {
            String text = "x".repeat(length);
            assertThat(tokens(text + "<a b='c'/>d<!--e-->f").substring(length)).endsWith("] <a| b='c'/> </a> [d] [f]");
        }
    }
}
