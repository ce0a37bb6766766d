package fanout.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;

/** What a person sees on 127.0.0.1: the cases, and the job that crawls them. */
final class CaseIndex {

    private CaseIndex() {}

    static void answer(HostileWeb web, Wire wire, String path) throws IOException {
        switch (path) {
            case "/" -> wire.html(page(web));
            case "/job.yaml" -> wire.respond("200 OK\r\nContent-Type: text/plain; charset=utf-8",
                    web.job().getBytes(UTF_8));
            default -> wire.respond("404 Not Found", new byte[0]);
        }
    }

    private static String page(HostileWeb web) {
        StringBuilder html = new StringBuilder("""
                <!doctype html><meta charset=utf-8><title>A hostile web</title>
                <style>body{font:16px/1.5 sans-serif;margin:2em auto;max-width:75em}td{padding:.1em 1em .1em 0;\
                vertical-align:top}code{white-space:nowrap}</style>
                <h1>A hostile web</h1>
                <p>Mind your browser. To crawl all of it: <code>curl -s %sjob.yaml | scraper crawl -</code>
                <table><tr><th>where<th>what<th>a crawl must say
                """.formatted(web.url()));
        for (HostileCase hostile : web.cases()) {
            String start = web.absolute(hostile, hostile.startUrls().getFirst());
            html.append("<tr><td><a href='%s'>%s</a><td>%s<td>".formatted(start, start, escaped(hostile.name())));
            for (Expected line : hostile.lines()) {
                html.append("<code>").append(escaped(line.url())).append("</code> ");
                html.append(escaped(String.valueOf(line.columns()))).append("<br>");
            }
            html.append('\n');
        }
        return html.append("</table>").toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replaceAll("\\p{Cntrl}", "\ufffd");
    }
}
