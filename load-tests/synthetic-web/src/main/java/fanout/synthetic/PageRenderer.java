package fanout.synthetic;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * Writes pages: links first, then paragraphs up to the wanted size. The paragraphs are the same on every page and lie
 * in memory once, ready for the socket, so that the server costs little beside the crawler that it feeds. Thread-safe.
 */
final class PageRenderer {

    private static final int PARAGRAPH_BYTES = 128;
    private static final String END = "</body></html>\n";
    private static final int SPELLINGS = 9;
    private static final String[] WORDS =
            "crawl host page link queue lease retry delay robots socket header stream deadline worker body status"
                    .split(" ");

    private final Plan plan;
    private final SiteGraph graph;
    private final SiteUrls urls;
    private final ByteBuffer paragraphs;

    PageRenderer(Plan plan, SiteGraph graph, SiteUrls urls) {
        this.plan = plan;
        this.graph = graph;
        this.urls = urls;
        this.paragraphs = paragraphs(plan.bodyBytes() / PARAGRAPH_BYTES, new Random(plan.seed()));
    }

    /** As a reader sees it: in the source an entity and white space are in the way. */
    static String title(int host, int page) {
        return "Page " + page + " & its links, host " + host;
    }

    /** The parts of the page, in order; positions and limits are the caller's own. */
    ByteBuffer[] render(int host, int page) {
        StringBuilder html = new StringBuilder(2048)
                .append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>\n  Page ")
                .append(page)
                .append(" &amp; its\n  links, host ")
                .append(host)
                .append("</title></head>\n<body><h1>Page ")
                .append(page)
                .append("</h1>\n<ul>\n");
        for (int target : graph.links(host, page)) {
            html.append("<li><a href=\"");
            appendLink(html, host, page, target);
            html.append("\">to page ").append(target).append("</a></li>\n");
        }
        if (page == 0) {
            for (int neighbour : graph.neighbours(host)) {
                html.append("<li><a href=\"").append(urls.pageUrl(neighbour, 0)).append("\">another host</a></li>\n");
            }
        }
        html.append("</ul>\n");
        int left = Math.max(0, plan.bodyBytes() - html.length() - END.length());
        html.repeat(' ', left % PARAGRAPH_BYTES);
        return new ByteBuffer[]{
            ascii(html.toString()), paragraphs.slice(0, left - left % PARAGRAPH_BYTES), ascii(END)
        };
    }

    /** All of them mean the same URL (WHATWG parsing, RFC 3986 section 6.2.2). */
    private void appendLink(StringBuilder html, int host, int page, int target) {
        String path = SiteUrls.path(target);
        String digits = String.valueOf(target);
        switch (graph.spelling(host, page, target, SPELLINGS)) {
            case 1 -> html.append(path).append("#part-").append(page);
            case 2 -> html.append("/none/../other/./..").append(path);
            case 3 -> html.append("HTTP://").append(urls.authority(host)).append(path);
            case 4 -> html.append("//").append(urls.authority(host)).append(path);
            case 5 -> html.append(' ').append(path).append("\n ");
            case 6 -> html.append(page == 0 ? "." : "..").append(path);
            case 7 ->
                    html.append(target == 0 ? "/./" : "/p%61ge/%3" + digits.charAt(0) + digits.substring(1) + ".html");
            case 8 -> html.append("&#47;").append(path, 1, path.length());
            default -> html.append(path);
        }
    }

    private static ByteBuffer paragraphs(int count, Random random) {
        ByteBuffer all = ByteBuffer.allocateDirect(count * PARAGRAPH_BYTES);
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder("<p class=\"t\">");
            String end = i % 3 == 0 ? " <b>and</b> &lt;so on&gt;</p>\n" : " <em>etc</em></p>\n";
            while (text.length() + end.length() < PARAGRAPH_BYTES) {
                text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
            }
            text.setLength(PARAGRAPH_BYTES - end.length());
            all.put(ascii(text.append(end).toString()));
        }
        return all.flip();
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }
}
