package fanout.internal.parse;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import fanout.job.FollowRule;
import fanout.job.FormFill;
import fanout.job.Selector;
import fanout.page.Link;
import fanout.page.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The forms of forms.txt, with a browser as the referee. The file has what Chromium asks a server for when a form is
 * submitted, and the parser is to make the same request of it. With {@code -Dfanout.ci=true} Chromium submits each form
 * again; with {@code -Dfanout.write=true} besides, the file is written with what it sent.
 */
@Timeout(180)
class ChromiumFormsTest {

    private static final String NOTHING = "nothing";
    private static final Path FILE = Path.of("src/test/resources/fanout/internal/parse/forms.txt");
    private static final Pattern BOUNDARY = Pattern.compile("boundary=(\\S+)");
    private static final Pattern FRAME = Pattern.compile("/forms/(\\d+)/");

    @TempDir
    private Path folder;

    /**
     * A page with a form.
     *
     * @param charset that the page is in
     * @param submit selects the button that is pressed; empty: the default one
     * @param fields what is filled in
     * @param html in ASCII, with references
     * @param sent by Chromium: the request line, and of a body its type and its lines
     */
    private record FormCase(
            String name,
            String charset,
            Optional<String> submit,
            Map<String, String> fields,
            String html,
            List<String> sent) {

        /** Reads a case without the first two characters of its heading. */
        static FormCase of(String text) {
            List<String> lines = text.lines().toList();
            String[] heading = lines.getFirst().split(" \\| ", -1);
            Map<String, String> options = new LinkedHashMap<>();
            for (String option : List.of(heading).subList(1, heading.length)) {
                options.put(option.substring(0, option.indexOf(':')), option.substring(option.indexOf(':') + 2));
            }
            Map<String, String> fields = new LinkedHashMap<>();
            if (options.containsKey("fill")) {
                for (String field : options.get("fill").split("; ", -1)) {
                    fields.put(field.substring(0, field.indexOf('=')), field.substring(field.indexOf('=') + 1));
                }
            }
            return new FormCase(heading[0], options.getOrDefault("charset", "UTF-8"),
                    Optional.ofNullable(options.get("submit")), fields,
                    lines.stream().skip(1).filter(line -> !line.startsWith("-- ")).collect(Collectors.joining("\n")),
                    lines.stream().filter(line -> line.startsWith("-- ")).map(line -> line.substring(3)).toList());
        }

        /** Returns the page, which submits its form when it is read. Nothing of that stands in the way of a parser. */
        byte[] page() {
            String filling = fields.entrySet()
                    .stream()
                    .map(field -> "fill(" + quoted(field.getKey()) + ", " + quoted(field.getValue()) + ");\n")
                    .collect(Collectors.joining());
            String page = """
                    <!doctype html><script>
                    addEventListener("DOMContentLoaded", () => {
                      const form = document.querySelector("form");
                      const fill = (name, value) => {
                        const named = [...document.getElementsByName(name)].filter((one) => one.form === form);
                        const radio = named.find((one) => one.type === "radio" && one.value === value);
                        if (radio) radio.checked = true; else named.at(-1).value = value;
                      };
                      %sconst pressed = %s;
                      form.noValidate = true;
                      HTMLFormElement.prototype.requestSubmit.call(form, pressed);
                    });
                    </script>
                    %s""".formatted(filling, submit.map(css -> "document.querySelector(" + quoted(css) + ")").orElse("""
                    [...document.querySelectorAll("input, button")].find((one) => one.form === form
                        && ["submit", "image"].includes(one.type) && !one.matches(":disabled"))"""), html);
            return page.getBytes(Charset.forName(charset.startsWith("UTF-16") ? charset : "US-ASCII"));
        }

        private static String quoted(String text) {
            assertThat(text).doesNotContain("\"", "\\");
            return "\"" + text + "\"";
        }

        FormCase with(List<String> other) {
            return new FormCase(name, charset, submit, fields, html, other);
        }

        String text(String heading) {
            return "== " + heading + "\n" + html + "\n"
                    + sent.stream().map(line -> "-- " + line + "\n").collect(Collectors.joining());
        }
    }

    private static List<String> texts() throws IOException {
        return List.of(Files.readString(FILE).substring(3).split("\n== ", -1));
    }

    private static List<FormCase> cases() throws IOException {
        return texts().stream().map(FormCase::of).toList();
    }

    @Test
    void formsAreSubmittedAsABrowserDoes() throws Exception {
        List<FormCase> cases = cases();
        Map<String, List<String>> expected = new LinkedHashMap<>();
        Map<String, List<String>> found = new LinkedHashMap<>();
        for (int number = 0; number < cases.size(); number++) {
            expected.put(cases.get(number).name, cases.get(number).sent);
            found.put(cases.get(number).name, sentByUs(cases.get(number), number));
        }
        assertThat(cases).hasSizeGreaterThan(150);
        assertThat(different(found, expected)).isEqualTo(different(expected, found));
    }

    /** What of the first is other in the second, as text, which shows the difference best. */
    private static String different(Map<String, List<String>> some, Map<String, List<String>> others) {
        return some.entrySet()
                .stream()
                .filter(entry -> !entry.getValue().equals(others.get(entry.getKey())))
                .map(entry -> entry.getKey() + "\n  " + String.join("\n  ", entry.getValue()))
                .collect(Collectors.joining("\n"));
    }

    private static List<String> sentByUs(FormCase form, int number) throws InterruptedException {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        form.fields.forEach((name, value) -> fields.put(name, List.of(value)));
        FollowRule rule = new FollowRule(new FollowRule.Form(
                new FormFill(new Selector.Css("form"), fields, form.submit.map(Selector.Css::new)), Optional.empty()),
                Optional.empty(), 0, List.of(), List.of(), List.of());
        RawPage page = TestPages.page("http://127.0.0.1:8080/forms/" + number + "/page", Optional.empty(),
                "text/html; charset=" + form.charset, Headers.EMPTY, form.page());
        List<Link> links = TestPages.parse(TestPages.job().follow(List.of(rule)).build(), page).links();
        if (links.isEmpty()) {
            return List.of(NOTHING);
        }
        Request.Details details = links.getFirst().details().orElseThrow();
        return lines(details.method().name(), links.getFirst().url().toString().replace("http://127.0.0.1:8080", ""),
                details.body().map(Request.Body::contentType).orElse(""),
                details.body().map(Request.Body::bytes).orElse(new byte[0]));
    }

    private static List<String> lines(String method, String path, String type, byte[] body) {
        Matcher boundary = BOUNDARY.matcher(type);
        String separator = boundary.find() ? boundary.group(1) : "";
        List<String> lines = new ArrayList<>(List.of(method + " " + FRAME.matcher(path).replaceFirst("/forms/N/")));
        if (method.equals("POST")) {
            lines.add(separator.isEmpty() ? type : type.replace(separator, "BOUNDARY"));
            String text = new String(body, ISO_8859_1);
            List.of(escaped(separator.isEmpty() ? text : text.replace(separator, "BOUNDARY")).split("\n"))
                    .stream()
                    .filter(line -> !line.isEmpty())
                    .forEach(lines::add);
        }
        return lines;
    }

    /** A line feed also ends a line. */
    private static String escaped(String text) {
        return text.chars().mapToObj(c -> switch (c) {
            case '\\' -> "\\\\";
            case '\r' -> "\\r";
            case '\n' -> "\\n\n";
            default -> c < ' ' || c > '~' ? "\\x%02X".formatted(c) : Character.toString(c);
        }).collect(Collectors.joining());
    }

    @Test
    void theFileHasWhatABrowserSends() throws Exception {
        assumeTrue(Boolean.getBoolean("fanout.ci"), "a browser is slow: such tests run with -Dfanout.ci=true");
        List<FormCase> cases = cases();
        Map<Integer, List<String>> sent = new ConcurrentHashMap<>();
        int silent = (int) cases.stream().filter(form -> form.sent.equals(List.of(NOTHING))).count();
        CountDownLatch all = new CountDownLatch(cases.size() - silent);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 100);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            server.setExecutor(threads);
            server.createContext("/", exchange -> answer(exchange, cases, sent, all));
            server.start();
            visit("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        } finally {
            server.stop(0);
        }

        if (Boolean.getBoolean("fanout.write")) {
            List<String> texts = texts();
            Files.writeString(FILE, IntStream.range(0, cases.size())
                    .mapToObj(number -> cases.get(number)
                            .with(sent.getOrDefault(number, List.of(NOTHING)))
                            .text(texts.get(number).lines().findFirst().orElseThrow()))
                    .collect(Collectors.joining()));
        }
        Map<String, List<String>> found = new LinkedHashMap<>();
        Map<String, List<String>> expected = new LinkedHashMap<>();
        List<FormCase> written = cases();
        for (int number = 0; number < written.size(); number++) {
            expected.put(written.get(number).name, written.get(number).sent);
            found.put(written.get(number).name, sent.getOrDefault(number, List.of(NOTHING)));
        }
        assertThat(different(found, expected)).isEqualTo(different(expected, found));
    }

    /** All pages are in frames of one, which has been read when all forms have been submitted. */
    private static void answer(HttpExchange exchange, List<FormCase> cases, Map<Integer, List<String>> sent,
            CountDownLatch all) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().toString();
            Matcher page = Pattern.compile("/forms/(\\d+)/page").matcher(path);
            Matcher from = FRAME.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Referer")));
            if (from.find()) {
                byte[] body = exchange.getRequestBody().readAllBytes();
                String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
                if (sent.putIfAbsent(Integer.parseInt(from.group(1)),
                        lines(exchange.getRequestMethod(), path, type, body)) == null) {
                    all.countDown();
                }
                exchange.sendResponseHeaders(204, -1);
            } else if (page.matches()) {
                FormCase form = cases.get(Integer.parseInt(page.group(1)));
                send(exchange, "text/html; charset=" + form.charset, form.page());
            } else if (path.equals("/all")) {
                awaitAll(all);
                exchange.sendResponseHeaders(404, -1);
            } else {
                String frames = IntStream.range(0, cases.size())
                        .mapToObj(number -> "<iframe src=\"/forms/" + number + "/page\"></iframe>")
                        .collect(Collectors.joining());
                send(exchange, "text/html; charset=utf-8", ("<img src=/all>" + frames).getBytes(US_ASCII));
            }
        }
    }

    /** Those that do not come are missing in the comparison. */
    private static void awaitAll(CountDownLatch all) {
        try {
            all.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
