package fanout.app.config.schema;

import fanout.app.config.document.YamlNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Messages about wrong values: what is expected, what was found, and how to fix it. */
final class SchemaMessages {

    private static final int LONGEST = 60;

    /** A key and its value without the space between, which is one word. */
    private static final Pattern TOUCHING = Pattern.compile("[A-Za-z]\\w*:[^\\s/]\\S*");

    private SchemaMessages() {}

    static String wrong(String name, SchemaNode schema, YamlNode node) {
        return name + " must be " + expected(schema) + ", not " + shown(node) + cure(schema, node);
    }

    static String outside(String name, long least, long most, YamlNode node) {
        return name + " must be between " + least + " and " + most + ", not " + shown(node);
    }

    static String notAmong(String name, List<String> words, YamlNode.Scalar node) {
        String right = words.size() == 1 ? words.getFirst() : "one of " + String.join(", ", words);
        Optional<String> cure = node.secret() || words.size() == 1 ? Optional.empty()
                : ForeignKeys.insteadOf(node.text(), words)
                        .or(() -> NearestKey.to(node.text(), words).map(word -> "did you mean " + word + "?"));
        return name + " must be " + right + ", not " + shown(node) + cure.map(said -> "; " + said).orElse("");
    }

    static String unknown(String key, SchemaNode here) {
        String said = "unknown key " + quoted(key);
        Set<String> known = here.keys();
        Optional<String> nearest = NearestKey.to(key, known);
        if (nearest.isPresent()) {
            return said + "; did you mean \"" + nearest.get() + "\"?";
        }
        List<String> elsewhere = places(key, here.whole());
        if (!elsewhere.isEmpty()) {
            return said + "; it belongs " + String.join(" or ", elsewhere);
        }
        Optional<String> instead =
                ForeignKeys.insteadOf(key).filter(_ -> here.whole().property("startUrls").isPresent()); // in a job
        if (instead.isPresent()) {
            return said + "; " + instead.get();
        }
        return said + "; the keys here are " + known.stream()
                .filter(word -> !word.startsWith("$"))
                .collect(Collectors.joining(", "));
    }

    /** A value for a message: shortened, and left out if it came from the environment. */
    static String shown(YamlNode node) {
        if (!(node instanceof YamlNode.Scalar scalar) || scalar.isNull()) {
            return node.kind();
        }
        if (scalar.secret()) {
            return "its value (from the environment)";
        }
        return scalar.isText() ? quoted(scalar.text()) : shortened(scalar.text());
    }

    /** A key as the subject of a sentence. */
    static String named(String key) {
        return key.matches("[A-Za-z0-9_.$-]{1,60}") ? key : quoted(key);
    }

    static String quoted(String text) {
        return "\"" + shortened(text) + "\"";
    }

    private static String shortened(String text) {
        return text.codePointCount(0, text.length()) <= LONGEST ? text
                : text.substring(0, text.offsetByCodePoints(0, LONGEST)) + "…";
    }

    private static String expected(SchemaNode schema) {
        return schema.text("title")
                .orElseGet(() -> schema.types()
                        .stream()
                        .filter(type -> !type.equals("null"))
                        .map(SchemaMessages::words)
                        .collect(Collectors.joining(" or ")));
    }

    private static String words(String type) {
        return switch (type) {
            case "string" -> "text";
            case "integer" -> "a whole number";
            case "number" -> "a number";
            case "boolean" -> "true or false";
            case "array" -> "a list";
            case "object" -> "a mapping";
            default -> throw new IllegalStateException("a type without words: " + type);
        };
    }

    private static String cure(SchemaNode schema, YamlNode node) {
        if (node instanceof YamlNode.Mapping && schema.allows("array")) {
            return "; what belongs to a list begins with \"- \"";
        }
        if (node instanceof YamlNode.Sequence && schema.allows("object") && !schema.allows("string")) {
            return "; leave the \"- \" or the brackets out";
        }
        if (!(node instanceof YamlNode.Scalar scalar) || scalar.secret()) {
            return "";
        }
        String text = scalar.text();
        if (schema.allows("object") && TOUCHING.matcher(text).matches()) {
            return "; write a space behind the colon";
        }
        if (schema.allows("array") && !schema.allows("string")) {
            return "; write [" + shown(scalar) + "]";
        }
        if (schema.allows("boolean")) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "true", "yes", "on", "1" -> "; write true";
                case "false", "no", "off", "0" -> "; write false";
                default -> "";
            };
        }
        if (schema.allows("integer") && !schema.allows("string") && text.matches("[0-9]{1,12}")) {
            return "; write it without quotes";
        }
        return isTextWithoutQuotes(schema, scalar) ? "; as text it is written " + quoted(text) : "";
    }

    /** Whether a number, a boolean or null would be a good value in quotes. */
    private static boolean isTextWithoutQuotes(SchemaNode schema, YamlNode.Scalar scalar) {
        boolean words = schema.text("title").isEmpty() || !schema.patterns().isEmpty();
        return schema.allows("string") && !scalar.isText() && words
                && schema.patterns().stream().allMatch(pattern -> pattern.matcher(scalar.text()).find());
    }

    /**
     * Returns the top level's sections that know the key, each as "in" its name, or "at the top level" for that itself.
     */
    private static List<String> places(String key, SchemaNode whole) {
        List<String> found = new ArrayList<>();
        spelling(key, whole).ifPresent(right -> found.add("at the top level" + renamed(right, key)));
        for (String section : whole.keys()) {
            spelling(key, whole.property(section).orElseThrow())
                    .ifPresent(right -> found.add("in \"" + section + "\"" + renamed(right, key)));
        }
        return found;
    }

    /** Returns how a section spells this key, if case, - and _ do not count. */
    private static Optional<String> spelling(String key, SchemaNode section) {
        return section.keys().contains(key) ? Optional.of(key)
                : section.keys()
                        .stream()
                        .filter(known -> NearestKey.plain(known).equals(NearestKey.plain(key)))
                        .findFirst();
    }

    private static String renamed(String right, String key) {
        return right.equals(key) ? "" : " as \"" + right + "\"";
    }

    /**
     * Keys and words that other crawlers have, or that one would guess: what does the same here, or that nothing does.
     */
    private static final class ForeignKeys {

        private static final Map<String, String> ADVICE = new HashMap<>();

        static {
            say("a job logs in by session, as in session: {login: [{url: \"https://example.org/login\", "
                    + "method: POST, form: {user: ann}}]}", "login", "auth", "authentication", "username",
                    "password");
            say("a request that is no plain GET is a start URL, as in "
                    + "startUrls: [{url: \"https://example.org/search\", method: POST, form: {q: hose}}]",
                    "method", "body", "form", "formdata", "payload", "post");
            say("a job has no code; a program adds its own by an Extractor or a Sink, "
                    + "see \"In your own program\" in the README",
                    "pipelines", "itempipelines", "middlewares", "callback", "callbacks", "spider", "spiders",
                    "plugins",
                    "processors");
            say("scripts of a page do not run; its data is often in JSON-LD or another script element, "
                    + "or behind a URL that answers JSON",
                    "javascript", "js", "render", "browser", "headless", "wait", "waitfor", "scroll", "click",
                    "actions");
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

        /** Returns what to write instead of a key that does not exist. */
        private static Optional<String> insteadOf(String key) {
            return Optional.ofNullable(ADVICE.get(NearestKey.plain(key)));
        }

        /** Returns what to write instead of a word, where these are allowed. */
        private static Optional<String> insteadOf(String word, List<String> allowed) {
            if (LISTS.contains(NearestKey.plain(word)) && allowed.contains("html")) {
                return Optional.of("for all matches write list: true");
            }
            return Optional.ofNullable(WORDS.get(NearestKey.plain(word)))
                    .filter(allowed::contains)
                    .map(right -> "write " + right);
        }
    }
}
