package fanout.internal.parse;

import static fanout.internal.parse.TestPages.job;
import static fanout.internal.parse.TestPages.page;
import static fanout.internal.parse.TestPages.parse;
import static fanout.internal.parse.TestPages.urls;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import fanout.job.FollowRule;
import fanout.job.Selector;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Queries of links in each encoding, with a browser as the referee: what Chromium asks a server for is what the parser
 * finds. The characters are written as references, so the pages themselves are ASCII; some are missing in each
 * encoding.
 */
@Timeout(120)
class ChromiumQueriesTest {

    /**
     * Every encoding of the standard but replacement, whose pages have no links, x-user-defined, and ISO-2022-JP, in
     * which a query may hold a bare % that the JDK's server refuses.
     */
    private static final List<String> ENCODINGS = List.of("UTF-8", "IBM866", "ISO-8859-2", "ISO-8859-3", "ISO-8859-4",
            "ISO-8859-5", "ISO-8859-6", "ISO-8859-7", "ISO-8859-8", "ISO-8859-8-I", "ISO-8859-10", "ISO-8859-13",
            "ISO-8859-14", "ISO-8859-15", "ISO-8859-16", "KOI8-R", "KOI8-U", "macintosh", "windows-874",
            "windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254", "windows-1255",
            "windows-1256", "windows-1257", "windows-1258", "x-mac-cyrillic", "GBK", "gb18030", "Big5", "EUC-JP",
            "Shift_JIS", "EUC-KR", "UTF-16BE", "UTF-16LE");

    private static final String TEXT =
            "a=\u00e9\u0142\u0439\u0391\u05d0\u0645\u0e01\u20ac&b=\u6f22\u5b57\u304b\u30ab\u2460"
                    + "\uff76\ud55c\uae00 \"'<>\u00a0\ud83d\ude00~#end";

    @TempDir
    private Path folder;

    @Test
    void queriesAreThoseOfABrowser() throws Exception {
        assumeTrue(isInstalled() || Boolean.getBoolean("fanout.ci"), "chromium is not installed");
        Map<String, String> asked = new ConcurrentHashMap<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.createContext("/", exchange -> answer(exchange, asked));
        server.start();
        try {
            visit("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        } finally {
            server.stop(0);
        }

        Map<String, String> found = new TreeMap<>();
        for (String encoding : ENCODINGS) {
            String url = urls(parse(job().follow(List.of(new FollowRule(new Selector.Css("img"), "src",
                    Optional.empty()))).build(), page("text/html; charset=" + encoding, body(encoding)))).getFirst();
            found.put(encoding, url.substring(url.indexOf('?') + 1));
        }
        assertThat(found).containsExactlyEntriesOf(new TreeMap<>(asked));
    }

    private static boolean isInstalled() {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "chromium")));
    }

    private static byte[] body(String encoding) {
        String references = TEXT.codePoints()
                .mapToObj(c -> c < 128 && c != '"' && c != '<' ? Character.toString(c) : "&#" + c + ";")
                .collect(Collectors.joining());
        String html = "<!doctype html><title>" + encoding + "</title><img src=\"/asked/" + encoding + "?"
                + references.replace("&b=", "&amp;b=") + "\">";
        return switch (encoding) {
            case "UTF-16BE" -> html.getBytes(UTF_16BE);
            case "UTF-16LE" -> html.getBytes(UTF_16LE);
            default -> html.getBytes(US_ASCII);
        };
    }

    private static void answer(HttpExchange exchange, Map<String, String> asked) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String encoding = path.substring(path.lastIndexOf('/') + 1);
            if (path.startsWith("/asked/")) {
                asked.put(encoding, exchange.getRequestURI().getRawQuery());
                exchange.sendResponseHeaders(404, -1);
            } else if (path.startsWith("/page/")) {
                send(exchange, "text/html; charset=" + encoding, body(encoding));
            } else {
                String frames = ENCODINGS.stream()
                        .map(name -> "<iframe src=\"/page/" + name + "\"></iframe>")
                        .collect(Collectors.joining());
                send(exchange, "text/html; charset=utf-8", frames.getBytes(US_ASCII));
            }
        }
    }

    private static void send(HttpExchange exchange, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    /** Loads a page with all that is in it. */
    private void visit(String url) throws IOException, InterruptedException {
        Process chromium = new ProcessBuilder("chromium", "--headless", "--no-sandbox", "--disable-gpu",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--user-data-dir=" + folder.resolve("profile"), "--dump-dom", url)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("chromium.log").toFile())
                .start();
        try {
            assertThat(chromium.waitFor(90, TimeUnit.SECONDS)).as("chromium has ended").isTrue();
        } finally {
            chromium.descendants().forEach(ProcessHandle::destroyForcibly);
            chromium.destroyForcibly().waitFor();
        }
    }
}
