package fanout.app.config.schema;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Keys and words that other crawlers have, or that one would guess: what does the same here, or that nothing does. */
final class ForeignKeys {

    private static final Map<String, String> ADVICE = new HashMap<>();

    static {
        say("there is no login; a session that a browser has begun goes into http.headers, as in "
                + "http: {headers: {Cookie: \"…\"}}", "login", "auth", "authentication", "session", "username",
                "password");
        say("every request is a GET; list the URLs that a form leads to in startUrls",
                "method", "body", "form", "formdata", "payload", "post");
        say("a job has no code; a program adds its own by an Extractor or a Sink, see \"In your own program\" in the README",
                "pipelines", "itempipelines", "middlewares", "callback", "callbacks", "spider", "spiders", "plugins",
                "processors");
        say("scripts of a page do not run; its data is often in JSON-LD or another script element, or behind a URL that answers JSON",
                "javascript", "js", "render", "browser", "headless", "wait", "waitfor", "scroll", "click", "actions");
        say("links to further pages are followed by follow, as in follow: [{css: \"a.next\"}]",
                "pagination", "paginate", "next", "nextpage", "pages");
        say("css, xpath or json says where a value is", "selector", "selectors", "query");
        say("json takes a JSON Pointer, as in {json: /offers/0/price}", "jsonpath", "jmespath", "pointer");
        say("for all matches write list: true", "multiple", "all", "many");
        say("a value that is missing is null; value gives the same in each item", "default", "fallback");
        say("regex keeps a part of a text", "transform", "replace", "split", "strip", "trim", "filter");
        say("jsonld says which JSON-LD is meant, as in {jsonld: Product, json: /name}", "microdata", "schema",
                "itemtype",
                "@type");
        say("http.proxy takes one proxy", "proxies", "proxylist", "proxypool");
        say("see limits.requestTimeout and limits.maxDuration", "timeout", "timeouts");
        say("see scope.maxDepth", "depth", "depthlimit");
        say("see concurrency and politeness.perHostConcurrency", "threads", "workers", "parallel",
                "concurrentrequests");
        say("see politeness.delay and politeness.maxRequestsPerSecond", "rate", "ratelimit", "throttle", "sleep",
                "downloaddelay");
        say("see politeness.obeyRobots", "robots", "robotstxt", "robotstxtobey");
        say("crawls are begun by cron or the like", "schedule", "cron", "interval");
    }

    /** Words for types of fields, and for others of few words. */
    private static final Map<String, String> WORDS = Map.ofEntries(Map.entry("float", "number"),
            Map.entry("double", "number"), Map.entry("decimal", "number"), Map.entry("numeric", "number"),
            Map.entry("price", "number"), Map.entry("money", "number"), Map.entry("int", "integer"),
            Map.entry("long", "integer"), Map.entry("bool", "boolean"), Map.entry("text", "string"),
            Map.entry("str", "string"), Map.entry("link", "url"), Map.entry("href", "url"), Map.entry("uri", "url"),
            Map.entry("datetime", "date"), Map.entry("time", "date"), Map.entry("timestamp", "date"),
            Map.entry("markup", "html"), Map.entry("json", "jsonl"), Map.entry("ndjson", "jsonl"));

    private static final List<String> LISTS = List.of("list", "array");

    private ForeignKeys() {}

    private static void say(String advice, String... keys) {
        for (String key : keys) {
            ADVICE.put(key, advice);
        }
    }

    /** What to write instead of a key that does not exist. */
    static Optional<String> insteadOf(String key) {
        return Optional.ofNullable(ADVICE.get(plain(key)));
    }

    /** What to write instead of a word, where these are allowed. */
    static Optional<String> insteadOf(String word, List<String> allowed) {
        if (LISTS.contains(plain(word)) && allowed.contains("html")) {
            return Optional.of("for all matches write list: true");
        }
        return Optional.ofNullable(WORDS.get(plain(word))).filter(allowed::contains).map(right -> "write " + right);
    }

    private static String plain(String key) {
        return key.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }
}
