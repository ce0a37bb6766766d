package fanout.internal.markup;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Pages that no author wrote: tag soup on one theme, elements in order with some of their tags lost, and both with
 * characters changed. The seed decides all of it.
 */
public final class RandomMarkup {

    private static final List<List<String>> THEMES = List.of(
            words("html head body title meta link base script style noscript template br p a div noframes"),
            words("table caption colgroup col tbody thead tfoot tr td th a p form input b div noscript script svg "
                    + "table tr td"),
            words("table tr td th td a"),
            words("a b i u font nobr p div li ul span em table td tr button object marquee h1 h2 code"),
            words("select option optgroup hr input a button p b table tr td textarea"),
            words("svg path g a title desc circle style p math mi foreignObject text div use image linearGradient"),
            words("noscript iframe a title table td script style p b frame svg template noscript meta link textarea"),
            words("script style xmp iframe noembed noframes textarea title plaintext a p"),
            words("ul ol li dl dt dd p a b form menu div h2 h3 address ruby rb rt rp rtc table tr td"),
            words("frameset frame noframes body a p html head iframe"),
            words("x-a x-b abcdefghijklm abcdefghijkln section article nav main a area img image name label span q"));

    private static final List<String> ALL = THEMES.stream().flatMap(List::stream).distinct().toList();

    private static final List<String> TEXTS =
            List.of("text", " ", "\n", "x < y", "a&amp;b", "&nbsp;", "&#32;", "&lt;", "\t\r\n",
                    "é", "漢字", "\0", "&copy=1", "]]>", "-->", "<", "</", "&", "\uFFFD", "\uFFFF");

    private static final List<String> DECLARATIONS =
            List.of("<!doctype html>", "<!DOCTYPE html PUBLIC \"-//W3C//DTD\">",
                    "<!-- c -->", "<!-->", "<!--->", "<!--a--!>", "<!--<a href=c>-->", "<!-- - -- ->", "<!--", "<!-",
                    "<!x a='>'>",
                    "<?php echo '<a href=x>' ?>", "<?xml version=\"1.0\"?>", "<?", "<![CDATA[<a href=cd>]]>", "</>",
                    "</ a>", "<3>",
                    "<!doctype x '<a>", "<!----!>", "<!--x--", "<!---->");

    private static final List<String> HEADS = List.of("<html>", "<head>", "</head>", "</html>", "</body>", "</br>",
            "</p>", "<noscript>",
            "</noscript>", "<meta charset=utf-8>", "<link rel=next href=n>", "<base href=b>", "<style>a</style>",
            "<!-- c -->", " \n",
            "<noframes>x</noframes>", "<script></script>", "</title>", "<bgsound>", "</template>", "<!doctype html>");

    private static final List<String> SCRIPTS = List.of("", "var a = '<a href=s>';", "<!-- x -->", "<!-- <script> -->",
            "<!--<script>x</script>--", "</scriptx>", "</ script>", "</script a='>'>", "<!--", "</SCRIPT", "&amp;",
            "</title>");

    private static final List<String> VALUES =
            List.of("\"%s\"", "'%s'", "%s", "\"%s?a=1&amp;b=2\"", "\"%s?a&b=1&copy=2\"",
                    "\"%s&lt;\"", "'%s&#x41;'", " \"%s\"", "\"%s>\"", "%s/", "\"%s\"x", "\"#%s\"", "%s&amp",
                    "\"%s&notit;\"", "\"\"",
                    "%s\"'<=`", "\"%s\n \"", "\"%s", "'%s\0'", "%s&#0;");

    private final Random random;
    private final StringBuilder page = new StringBuilder();
    private int links;

    private RandomMarkup(long seed) {
        random = new Random(seed);
    }

    private static List<String> words(String text) {
        return List.of(text.split(" "));
    }

    /** The page of a seed. */
    public static String page(long seed) {
        return new RandomMarkup(seed).make();
    }

    /** A page with some of its characters and tags changed. */
    static String changed(String page, long seed) {
        RandomMarkup markup = new RandomMarkup(seed);
        markup.page.append(page);
        int changes = 1 + markup.random.nextInt(8);
        for (int i = 0; i < changes; i++) {
            markup.change();
        }
        return markup.page.toString();
    }

    private String make() {
        List<String> theme = new ArrayList<>(pick(THEMES));
        theme.addAll(pick(THEMES));
        if (random.nextInt(4) == 0) {
            theme = ALL;
        }
        if (random.nextBoolean()) {
            page.append("<!doctype html><html><head><title>t")
                    .append(random.nextInt(9))
                    .append("</title></head><body>");
        }
        if (random.nextInt(6) == 0) {
            head();
        }
        switch (random.nextInt(4)) {
            case 0 -> soup(theme, 3 + random.nextInt(40));
            case 1 -> elements(theme, 3 + random.nextInt(30), 0);
            case 2 -> {
                elements(theme, 3 + random.nextInt(20), 0);
                change();
                change();
            }
            default -> {
                soup(theme, random.nextInt(10));
                repeat(theme);
                soup(theme, random.nextInt(30));
            }
        }
        if (random.nextInt(10) == 0) {
            change();
        }
        if (random.nextInt(60) == 0) {
            startTag("table");
            page.insert(random.nextInt(page.length()), "<a" + " b".repeat(480 + random.nextInt(60)) + " href=flood>");
        }
        return page.toString();
    }

    /** What belongs before the body, and what begins it. */
    private void head() {
        page.setLength(0);
        int pieces = random.nextInt(12);
        for (int i = 0; i < pieces; i++) {
            page.append(pick(HEADS));
        }
        page.append("<title>t").append(random.nextInt(99)).append("</title>");
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private void soup(List<String> theme, int pieces) {
        for (int i = 0; i < pieces; i++) {
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> startTag(pick(theme));
                case 4, 5, 6 -> endTag(pick(theme));
                case 7 -> startTag("a");
                case 8 -> endTag("a");
                case 9 -> page.append(pick(TEXTS.subList(0, random.nextInt(20) == 0 ? TEXTS.size() : 13)));
                case 10 -> page.append("text");
                default -> {
                    if (random.nextInt(3) == 0) {
                        page.append(pick(DECLARATIONS));
                    }
                }
            }
        }
    }

    private void elements(List<String> theme, int most, int depth) {
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count && links < most; i++) {
            String name = random.nextInt(3) == 0 ? "a" : pick(theme);
            startTag(name);
            if (depth < 8 && !name.equals("script")) {
                if (random.nextInt(3) > 0) {
                    elements(theme, most, depth + 1);
                } else {
                    page.append(pick(TEXTS.subList(0, 5)));
                }
            }
            endTag(name);
        }
    }

    /** As deep as a document may be, and deeper. */
    private void repeat(List<String> theme) {
        int times = 1 << random.nextInt(11);
        String unit = unit(theme);
        for (int i = 0; i < times && page.length() < 30_000; i++) {
            page.append(unit);
        }
    }

    private String unit(List<String> theme) {
        int from = page.length();
        soup(theme, 1 + random.nextInt(4));
        String unit = page.substring(from);
        page.setLength(from);
        return unit;
    }

    private void startTag(String name) {
        page.append('<').append(cased(name));
        int attributes = random.nextInt(3);
        for (int i = 0; i < attributes; i++) {
            attribute(pick(List.of("class", "id", "x", "title", "type", "=", "\"", "'a'", "<", "a\0")));
        }
        switch (name) {
            case "a", "area", "base" -> attribute("href");
            case "iframe", "frame", "img", "script" -> attribute("src");
            case "link" -> {
                page.append(pick(List.of(" rel=next", " rel='prev NEXT'", " rel=stylesheet", " REL=\"next\"")));
                attribute("href");
            }
            case "meta" -> page
                    .append(pick(List.of(" name=robots content=nofollow", " charset=utf-8", " name=robots content=all",
                            " http-equiv=refresh content='0; url=r" + links++ + "'", " name=x content=y")));
            default -> {
            }
        }
        if (random.nextInt(6) == 0) {
            page.append(pick(
                    List.of(" rel=nofollow", " rel", " href", " href=z href=y", " HREF='w'", " rel='me nofollow'")));
        }
        page.append(random.nextInt(12) == 0 ? pick(List.of("/>", " />", "/ >", " / x>", "", "\n>")) : ">");
        if (name.equals("script")) {
            page.append(pick(SCRIPTS));
        }
    }

    private void attribute(String name) {
        page.append(pick(List.of(" ", " ", " ", "\n", "/", "  "))).append(cased(name));
        if (random.nextInt(10) > 0) {
            String value = random.nextInt(3) > 0 ? VALUES.getFirst()
                    : pick(VALUES.subList(0, random.nextInt(8) == 0 ? 20 : 14));
            page.append('=').append(value.formatted("l" + links++));
        }
    }

    private void endTag(String name) {
        page.append("</")
                .append(cased(name))
                .append(random.nextInt(20) == 0 ? pick(List.of(" x='>'>", "/>", " >", "", "<")) : ">");
    }

    private String cased(String name) {
        return random.nextInt(10) == 0 ? name.toUpperCase(java.util.Locale.ROOT) : name;
    }

    private void change() {
        if (page.isEmpty()) {
            return;
        }
        int at = random.nextInt(page.length());
        int to = Math.min(page.length(), at + 1 + random.nextInt(30));
        switch (random.nextInt(6)) {
            case 0 -> page.delete(at, to);
            case 1 -> page.insert(random.nextInt(page.length()), page.substring(at, to));
            case 2 -> page.insert(at, pick(TEXTS));
            case 3 -> page.insert(at, (random.nextBoolean() ? "<" : "</") + pick(ALL) + ">");
            case 4 -> page.setCharAt(at, pick(List.of('<', '>', '"', '\'', '/', '=', ' ', '-', '!', '&', 'a', '\n')));
            default -> page.insert(at, pick(DECLARATIONS));
        }
    }
}
