package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;

/** A site for each example that names hosts: what the example is for, and what it must leave alone. */
final class ExampleSites {

    /** Of {@link #wholeSite} and {@link #listed}. */
    static final String SITE = "http://www.example.org";

    static final String NEWS = "http://news.example.org";
    static final String ARTICLE = NEWS + "/2026/11/a-bridge.html";
    static final String WITHOUT_HEADLINE = NEWS + "/2026/11/a-tunnel.html";

    private ExampleSites() {}

    /**
     * Pages that fail at first, always, or for their size; a forbidden folder, another host, and a chain that is too
     * deep.
     */
    static void wholeSite(ExampleWeb web) {
        web.robots(SITE, "User-agent: *", "Disallow: /private/", "Sitemap: " + SITE + "/sitemap.xml")
                .file(SITE + "/sitemap.xml", "application/xml", sitemap(SITE + "/from-sitemap.html"))
                .page(SITE + "/",
                        links("1.html", "flaky.html", "dead.html", "big.html", "private/", "list.html?sort=up",
                                "calendar/2026", "http://sub.example.org/"))
                .page(SITE + "/from-sitemap.html", "<title>Known to the sitemap only</title>")
                .flaky(SITE + "/flaky.html", "<title>At second try</title>")
                .file(SITE + "/big.html", "text/html", new byte[2 * 1024 * 1024 + 1]);
        for (int depth = 1; depth <= 5; depth++) {
            web.page(SITE + "/" + depth + ".html", links(depth + 1 + ".html"));
        }
    }

    /** A sitemap of two, one of them compressed, an archive, and a link that no sitemap lists. */
    static void listed(ExampleWeb web) throws IOException {
        web.file(SITE + "/sitemap.xml", "application/xml", ("<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/"
                + "sitemap/0.9\"><sitemap><loc>" + SITE + "/one.xml</loc></sitemap><sitemap><loc>" + SITE
                + "/two.xml.gz</loc></sitemap></sitemapindex>").getBytes(UTF_8))
                .file(SITE + "/one.xml", "application/xml", sitemap(SITE + "/a.html", SITE + "/archive/old.html"))
                .file(SITE + "/two.xml.gz", "application/gzip", compressed(sitemap(SITE + "/b.html")))
                .page(SITE + "/a.html", """
                        <title>=1+1</title><meta name=description content="About, a"><h1>One</h1><h2>Two</h2>
                        <link rel=canonical href="/a"><a href="/unlisted.html">unlisted</a>""")
                .page(SITE + "/b.html", "<title>b</title>");
    }

    /** Four hosts: one with a Crawl-delay, one that allows this survey alone, and pages that lie too deep. */
    static void manyHosts(ExampleWeb web) {
        web.page("http://www.example.org/", links("a.html", "http://blog.example.org/"))
                .page("http://www.example.org/a.html", links("b.html"))
                .page("http://www.example.org/b.html", links("too-deep.html"))
                .robots("http://www.example.net", "User-agent: *", "Crawl-delay: 1.5")
                .page("http://www.example.net/", links("a.html"))
                .page("http://www.example.net/a.html", "")
                .robots("http://www.example.com", "User-agent: *", "Disallow: /", "", "User-agent: example-survey",
                        "Disallow: /private/")
                .page("http://www.example.com/", links("a.html", "private/a.html"))
                .page("http://www.example.com/a.html", "")
                .page("http://archive.example.org/", "");
    }

    /** A search box on each page, whose token is another one each time; two pages of results, and what they list. */
    static void search(ExampleWeb web) {
        String found = SITE + "/search?utf8=%E2%9C%93&q=garden+hose&shelf=7&stock=1&go=1";
        web.page(SITE + "/", searchBox("t1") + links("/about.html"))
                .page(found + "&token=t1", searchBox("t2") + "<p class=total>3 things</p>" + result("a.html")
                        + result("b.html") + "<nav class=pages><a rel=next href='/search?page=2&amp;id=5'>2</a></nav>")
                .page(SITE + "/search?page=2&id=5", searchBox("t3") + "<p class=total>3</p>" + result("c.html"))
                .page(SITE + "/a.html", searchBox("t4") + "<h1>A hose</h1><b class=price>€ 12.25</b>")
                .page(SITE + "/b.html", searchBox("t5") + "<h1>A reel</h1>")
                .page(SITE + "/c.html", searchBox("t6") + "<h1>A pump</h1><b class=price>99</b>");
    }

    private static String result(String page) {
        return "<article class=result><h2><a href='/" + page + "'>t</a></h2></article>";
    }

    private static String searchBox(String token) {
        return """
                <form class=login action=/login method=post><input name=user><button>Log in</button></form>
                <form role=search action=/search accept-charset=utf-8><input type=hidden name=utf8 value=✓>
                <input name=q placeholder="What?"><select name=shelf><option value=5>Pots<option value=7 selected>Hoses
                </select><input type=checkbox name=stock value=yes><select name=sort><option>name</select>
                <button name=help value=1 type=button>?</button><button name=lucky value=1>Lucky</button>
                <button name=go value=1>Search</button><input type=hidden name=token value=%s></form>"""
                .formatted(token);
    }

    /**
     * A register of pages that a button leads through. A page is shown for the state that the one before had, and for
     * no other; all states differ.
     */
    static void register(ExampleWeb web, String url, int pages) {
        web.page(url, registered(1, pages));
        for (int page = 2; page <= pages; page++) {
            web.post(url + "?shelf=3", "__VIEWSTATE=state%2F" + (page - 1) + "%3D%3D&ctl00%24query=a+b&ctl00%24next="
                    + "Next+%3E", registered(page, pages));
        }
    }

    private static String registered(int page, int pages) {
        return """
                <form id=main method=post action="./list.aspx?shelf=3"><input type=hidden name=__VIEWSTATE
                value="state/%d=="><table id=grid><tr><th>Number<th>Name</tr><tr><td>%d</td><td>one</td></tr>
                <tr><td>%d</td><td>two</td></tr></table><input name="ctl00$query" value="a b">
                <input type=submit name="ctl00$first" value=First><input type=submit name="ctl00$next" value="Next &gt;"
                %s></form>""".formatted(page, 2 * page - 1, 2 * page, page == pages ? "disabled" : "");
    }

    /** Sections and articles, with comments, shared and printed copies, and links that must not be followed. */
    static void news(ExampleWeb web) {
        web.page(NEWS + "/", links("section/town", "about.html", "2026/11/a-bridge.html?print=1")
                + "<a rel='nofollow' href='/section/sponsored'>sponsored</a>")
                .page(NEWS + "/section/town", links(ARTICLE, ARTICLE + "?utm_source=town", "/section/closed"))
                .page(NEWS + "/section/closed", "<meta name=robots content=nofollow>" + links("/2026/11/hidden.html"))
                .page(ARTICLE, """
                        <meta name=author content="A. Writer"><nav class=crumbs><a href="/">News</a> <a
                        href="/section/town">Town</a></nav><h1>A bridge</h1><time datetime="2026-11-24">today</time>
                        <article><p>It is <b>open</b>.</p><p>Since today.</p><img src="bridge.jpg"></article>"""
                        + links("/2026/11/a-bridge.html/comments", WITHOUT_HEADLINE))
                .page(WITHOUT_HEADLINE, "<article><p>No headline.</p></article>");
    }

    /** Two pages of documentation, each between a menu and a footer. */
    static void documentation(ExampleWeb web, String site) {
        String menu = "<header>The program</header><nav><a href='/'>Start</a> <a href='/install'>Install</a></nav>";
        String footer = "<footer>All rights of the documentation reserved</footer>";
        web.page(site + "/", menu + "<div><h1>The program</h1><p>It reads pages.</p></div>" + footer)
                .page(site + "/install", """
                        <meta name=author content="A. Writer"><meta name=date content=2026-11-24>""" + menu + """
                        <div class=page><h1>Install it<a href="#top">¶</a></h1>
                        <p>Take the <a href="archive">archive</a> of your system:</p>
                        <table><tr><th>System<th>File<tr><td>Debian<td><code>a.deb</code></table>
                        <pre><code class="language-sh">apt install ./a.deb</code></pre></div>""" + footer)
                .page(site + "/archive", "<p></p>");
    }

    private static String links(String... targets) {
        StringBuilder html = new StringBuilder();
        for (String target : targets) {
            html.append("<a href='").append(target).append("'>link</a>\n");
        }
        return html.toString();
    }

    private static byte[] sitemap(String... urls) {
        StringBuilder xml = new StringBuilder("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">");
        for (String url : urls) {
            xml.append("<url><loc>").append(url).append("</loc></url>");
        }
        return xml.append("</urlset>").toString().getBytes(UTF_8);
    }

    private static byte[] compressed(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        }
        return bytes.toByteArray();
    }
}
