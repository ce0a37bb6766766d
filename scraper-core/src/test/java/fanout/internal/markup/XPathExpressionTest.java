package fanout.internal.markup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import fanout.internal.limit.ParseTime;
import fanout.internal.task.Deadline;
import fanout.internal.task.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathEvaluationResult;
import javax.xml.xpath.XPathEvaluationResult.XPathResultType;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import javax.xml.xpath.XPathNodes;
import org.jsoup.Jsoup;
import org.jsoup.helper.W3CDom;
import org.jsoup.nodes.Document;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Attr;
import org.w3c.dom.Node;

/** The JDK's XPath is the referee, over a copy of the document. */
class XPathExpressionTest {

    private static final String PAGE =
            """
                    <!doctype html><!--first--><html lang=en-GB><head><title> A  page </title><script>var a = "<b>";</script></head>
                    <body id=top class="x y"><div id=one><p>1</p><p n=2>2<b>bold</b> tail</p><p/>-0.5</div><!-- c -->
                    <div id=two><ul><li>a</li><li>b<ul><li>b1</li><li>b2</li></ul></li><li>c</li></ul><a href=u title="t">link</a></div>
                    <table><tr><td>1</td><td>2.50</td></tr><tr><td>x</td></tr></table></body></html>""";

    private static final List<String> NAMES = List.of("a", "b", "p", "div", "*", "node()", "text()", "comment()");
    private static final List<String> AXES = List.of("", "", "", "descendant::", "descendant-or-self::", "parent::",
            "ancestor::", "ancestor-or-self::", "following-sibling::", "preceding-sibling::", "following::",
            "preceding::", "self::", "@", "child::");

    private static ParseTime time() {
        return new ParseTime(Deadline.after(Duration.ofMinutes(1), Ticker.system()));
    }

    /** What both engines say, in one spelling. */
    private static String ours(String expression, Document document) {
        XPathExpression compiled = XPathExpression.compile(expression);
        if (!compiled.givesNodes()) {
            return compiled.text(document, time());
        }
        List<String> nodes = new ArrayList<>();
        for (Object node : compiled.nodes(document, time())) {
            nodes.add(switch (node) {
                case XPathAttribute(var owner, var name, var value) -> place(owner) + "@" + name + "=" + value;
                case org.jsoup.nodes.Node found -> place(found);
                default -> throw new AssertionError(node);
            });
        }
        return nodes.toString();
    }

    private static String place(org.jsoup.nodes.Node node) {
        return node instanceof Document ? "/" : place(node.parent()) + node.siblingIndex() + "/";
    }

    private static final class Referee {

        private final XPath compiler = XPathFactory.newDefaultInstance().newXPath();
        private final Node from;

        private Referee(Document document) {
            W3CDom converter = new W3CDom().namespaceAware(false);
            from = converter.contextNode(converter.fromJsoup(document));
        }

        private String says(String expression) throws XPathExpressionException {
            XPathEvaluationResult<?> result = compiler.evaluateExpression(expression, from);
            if (result.type() != XPathResultType.NODESET) {
                return (String) compiler.evaluate(expression, from, XPathConstants.STRING);
            }
            List<String> nodes = new ArrayList<>();
            for (Node node : (XPathNodes) result.value()) {
                nodes.add(node instanceof Attr attribute
                        ? place(source(attribute.getOwnerElement())) + "@" + attribute.getName() + "="
                                + attribute.getValue()
                        : node instanceof org.w3c.dom.Document ? "/" : place(source(node)));
            }
            return nodes.toString();
        }

        private static org.jsoup.nodes.Node source(Node node) {
            return (org.jsoup.nodes.Node) node.getUserData(W3CDom.SourceProperty);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/html/body", "//p", "//p[2]", "//li[last()]", "(//li)[last()]",
        "//li[position() > 1][1]",
        "//li[1][2]", "//p[2]/b | //p[1] | //title", "//@id", "//a/@href", "//*[@id='two']//li", "..", ".", "./body",
        "//b/ancestor::*", "//b/ancestor::*[1]", "//b/preceding::*[2]", "//b/following::text()[2]", "//comment()",
        "//li[not(ul)]", "//td[. > 1]", "//td[. = 1]", "//td[. != 1]", "//td[text() = '2.50']", "//td = //p",
        "//td > //p", "//td != //td", "sum(//td[number(.) = number(.)])", "sum(//td)", "count(//node())",
        "string(//p[3]/following-sibling::text())", "number(//p[2])", "1 div 0", "-1 div 0", "0 div 0", "5 mod 2",
        "-5 mod 2", "5 mod -2", "1.5 mod 0.5", "1 + 2 * 3 - 4", "2 - -2", "- 2", "7 div 2", "100000000000000000000",
        "0.1 + 0.2", "0.000001", "1 div 3", "round(2.5)", "round(-2.5)", "round(-0.4)", "floor(-1.5)", "ceiling(1.2)",
        "1 < 2", "2 <= 2 = true()", "'a' = 'a' and not('b' = 'c')", "'a' < 'b'", "'2' > 1", "true() > false()",
        "boolean('')", "boolean(//nothing)", "string-length(//title)", "normalize-space(//title)", "name(//*[@n])",
        "name(//@n)", "local-name(/)", "namespace-uri(//p)", "contains('abc', '')", "contains('abc', 'bc')",
        "starts-with('abc', 'ab')", "substring-before('a-b-c', '-')", "substring-after('a-b-c', '-')",
        "substring-before('abc', 'x')", "substring('12345', 2, 3)", "substring('12345', 1.5, 2.6)",
        "substring('12345', 0, 3)", "substring('12345', 0 div 0, 3)", "substring('12345', 1, 0 div 0)",
        "substring('12345', -42, 1 div 0)", "substring('12345', -1 div 0, 1 div 0)", "substring('12345', 2)",
        "translate('bar', 'abc', 'AB')", "translate('aaa', 'aa', 'xy')", "concat('a', 1, true())", "string(1.0)",
        "number('  12 ')", "number('1 2')", "number('-')", "number('.5')", "number('5.')", "number('+5')",
        "number('--5')", "//li[count(ancestor::ul) = 2]", "//*[self::a or self::b]", "//p[b and @n]",
        "//p[@n = 2 or position() = 1]", "//script/text()", "//div[.//b]/@id", "//ul/li[2]/ul/li", "//li/ul/../@x",
        "//li[following-sibling::li[1] = 'c']", "//p[preceding-sibling::p[1]/@n]", "//div/* [ name() = 'p' ]",
        "string()",
        "string-length()", "//p[string-length() = 1]", "//text()[normalize-space()]", "/html/@lang",
        "//a[@href = 'u']/@title",
        "/descendant::li[3]", "/descendant-or-self::node()/li[2]", "//*[name() = 'div'][2]/a", "//body/div[a]",
        "id('nothing')",
        "//p/self::p[2]", "//node()/parent::*[@id]", "//@id/..", "//@id/ancestor::html", "//@n/following::b",
        "//@n/preceding::p", "//li | //li", "count(//li | //p)", "//div[1 = 1]", "//div[true()]", "//div['']",
        "//li[-1]", "//li[0]", "//li[last() - 1]", "//ul/li[position() = last()]", "//tr/td[last()][1]"})
    void saysWhatTheJdkSays(String expression) throws XPathExpressionException {
        Document document = Jsoup.parse(PAGE);
        assertThat(ours(expression, document)).isEqualTo(new Referee(document).says(expression));
    }

    @Test
    void saysWhatTheJdkSaysOfWhatNobodyWrote() throws XPathExpressionException {
        Random random = new Random(43);
        for (int i = 0; i < 60; i++) {
            StringBuilder page = new StringBuilder("<html><head></head><body>");
            elements(page, random, 4);
            Document document = Jsoup.parse(page.toString());
            Referee referee = new Referee(document);
            for (int k = 0; k < 25; k++) {
                String expression = path(random, 2);
                assertThat(ours(expression, document)).as("%s in %s", expression, page)
                        .isEqualTo(referee.says(expression));
            }
        }
    }

    private static void elements(StringBuilder out, Random random, int depth) {
        for (int i = random.nextInt(4); i >= 0; i--) {
            String name = NAMES.get(random.nextInt(4));
            if (depth == 0 || random.nextInt(4) == 0) {
                out.append(random.nextBoolean() ? "x" : "<!--" + random.nextInt(3) + "-->");
            } else if (!name.equals("a") && !name.equals("p")) { // which end themselves
                out.append('<').append(name).append(random.nextBoolean() ? " n=" + random.nextInt(3) : "").append('>');
                elements(out, random, depth - 1);
                out.append("</").append(name).append('>');
            } else {
                out.append('<')
                        .append(name)
                        .append(" m=1 n=2>")
                        .append(random.nextInt(4))
                        .append("</")
                        .append(name)
                        .append('>');
            }
        }
    }

    private static String path(Random random, int depth) {
        StringBuilder path = new StringBuilder(random.nextInt(3) == 0 ? "" : random.nextBoolean() ? "/" : "//");
        for (int i = random.nextInt(3); i >= 0; i--) {
            String axis = AXES.get(random.nextInt(AXES.size()));
            path.append(axis).append(axis.equals("@") ? "*" : NAMES.get(random.nextInt(NAMES.size())));
            if (depth > 0 && random.nextInt(2) == 0) {
                path.append('[').append(predicate(random, depth - 1)).append(']');
            }
            path.append(i == 0 ? "" : random.nextInt(3) == 0 ? "//" : "/");
        }
        String whole = path.toString();
        boolean isInside = depth < 2;
        return isInside || random.nextInt(4) > 0 ? whole
                : random.nextBoolean() ? whole + " | " + path(random, 1)
                        : "(" + whole + ")[" + predicate(random, 0) + "]";
    }

    private static String predicate(Random random, int depth) {
        return switch (random.nextInt(9)) {
            case 0 -> String.valueOf(1 + random.nextInt(3));
            case 1 -> "last()";
            case 2 -> "position() < 3";
            case 3 -> "@n = " + random.nextInt(3);
            case 4 -> "count(" + path(random, 0) + ") > 1";
            case 5 -> "not(" + path(random, depth) + ")";
            case 6 -> ". = '" + random.nextInt(4) + "'";
            case 7 -> "last() - 1";
            default -> path(random, depth);
        };
    }

    @Test
    void namesAreComparedAsTheyAreWritten() {
        Document feed = Jsoup.parse("""
                <rss xmlns:media="urn:m"><item><media:content url="u"/><Title>t</Title><?target data?></item></rss>""",
                Parser.xmlParser());
        assertThat(ours("string(//media:content/@url)", feed)).isEqualTo("u");
        assertThat(ours("count(//media:*) + count(//content) + count(//Title)", feed)).isEqualTo("2");
        assertThat(ours("concat(name(//item/*), ' ', local-name(//item/*))", feed)).isEqualTo("media:content content");
        assertThat(ours("string(//processing-instruction('target'))", feed)).isEqualTo("data");
        assertThat(ours("count(//@*)", feed)).as("no namespace declaration").isEqualTo("1");
    }

    @Test
    void idAndLanguageAreThoseOfAPage() {
        Document document = Jsoup.parse(PAGE);
        assertThat(ours("count(id('two one none')/p)", document)).isEqualTo("3");
        assertThat(ours("count(//p[lang('EN')])", document)).isEqualTo("3");
        assertThat(ours("count(//p[lang('e') or lang('de') or lang('')])", document)).isEqualTo("0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', value = {
        "//[             ~ \"[\" is not expected here, at character 3",
        "//a[            ~ something is missing, at character 5",
        "//a]            ~ \"]\" is not expected here, at character 4",
        "\"a             ~ the text that begins here does not end, at character 1",
        "foo(1)          ~ there is no function foo, at character 1",
        "count(1)        ~ count takes nodes, which this is not, at character 7",
        "concat(1)       ~ concat does not take 1 arguments, at character 1",
        "not()           ~ not does not take 0 arguments, at character 1",
        "up::a           ~ there is no axis up, at character 1",
        "$x              ~ there are no variables, at character 1",
        "a#b             ~ \"#\" means nothing here, at character 2",
        "1 | a           ~ nodes are wanted before this, at character 3",
        "(a              ~ \")\" is missing, at character 3",
        "(1)[1]          ~ nodes are wanted before this, at character 7",
        "a b             ~ \"b\" is not expected here, at character 3"})
    void brokenExpressionIsRefusedWithThePlace(String expression, String reason) {
        assertThatIllegalArgumentException().isThrownBy(() -> XPathExpression.compile(expression)).withMessage(reason);
    }

    @Test
    void expressionHasAHundredLevelsAndAThousandOperators() {
        assertThat(ours("(".repeat(100) + "1" + ")".repeat(100), Jsoup.parse(PAGE))).isEqualTo("1");
        assertThat(ours("1" + "+1".repeat(1_000), Jsoup.parse(PAGE))).isEqualTo("1001");
        for (String bomb : List.of("(".repeat(101) + "1" + ")".repeat(101), "a[".repeat(101), "1" + "+1".repeat(1_001),
                "-".repeat(100_000) + "1", "a" + "/a".repeat(100_000))) {
            assertThatIllegalArgumentException().isThrownBy(() -> XPathExpression.compile(bomb))
                    .withMessageContaining("more than");
        }
    }
}
