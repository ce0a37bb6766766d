package fanout.job;

import fanout.internal.annotation.Internal;
import fanout.page.Request;
import fanout.url.Host;
import fanout.url.Scope;
import fanout.url.TextPattern;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BiConsumer;

/**
 * Writes down those parts of a job that must be the same in each of its runs. The text is the identity of a job since
 * version 2 of the journal, so it is a format on the disk: canonical JSON, with the keys of a job file in the order
 * below, and without any key whose value is the default. It names every key itself, so that no class, component or
 * constant can be renamed into another identity.
 *
 * <p>A key that jobs get later is written where a job uses it, at the end of its object, and left out where it does
 * not: jobs that do not use it then keep their identity. The defaults that are left out are those named here. They stay
 * as they are, also if the program gives a key another default one day: a job without the key is then another job, as
 * it has to be.
 */
@Internal
public final class WrittenJob {

    private static final int MAX_DEPTH = 20;
    private static final List<String> SKIPPED_EXTENSIONS = List.of("3gp", "7z", "aac", "aif", "aiff", "apk", "avi",
            "avif", "bmp", "bz2", "dmg", "doc", "docm", "docx", "eps", "flac", "flv", "gif", "gz", "heic", "ico", "iso",
            "jar", "jpeg", "jpg", "m4a", "m4v", "mid", "midi", "mkv", "mov", "mp3", "mp4", "mpeg", "mpg", "odg", "odp",
            "ods", "odt", "oga", "ogg", "ogv", "opus", "pdf", "png", "pot", "potx", "pps", "ppsx", "ppt", "pptm",
            "pptx",
            "psd", "rar", "rtf", "svg", "tar", "tbz2", "tgz", "tif", "tiff", "txz", "wav", "webm", "webp", "wma", "wmv",
            "xls", "xlsb", "xlsm", "xlsx", "xz", "zip", "zst");
    private static final List<String> CONTENT_TYPES = List.of("text/html", "application/xhtml+xml");

    private final StringBuilder text = new StringBuilder("{");

    private WrittenJob() {}

    /** Returns the text of each part of a job, by the key that a person is told. */
    public static SequencedMap<String, String> of(CrawlJob job) {
        SequencedMap<String, String> parts = new LinkedHashMap<>();
        Start start = job.start();
        parts.put("startUrls", written(start.urls(), WrittenJob::request));
        parts.put("sitemaps", written(start, WrittenJob::sitemaps));
        parts.put("scope", written(job.scope(), WrittenJob::scope));
        parts.put("parse", written(job.parsing(), WrittenJob::parse));
        parts.put("follow", job.parsing().follow().map(rules -> written(rules, WrittenJob::follow)).orElse("null"));
        parts.put("extract", written(job.parsing().extract(), WrittenJob::extract));
        if (!job.keeping().downloads().isEmpty()) {
            parts.put("download", written(job.keeping().downloads(), WrittenJob::download));
        }
        return parts;
    }

    /** Returns the text of a follow rule. */
    static String of(FollowRule rule) {
        return written(rule, WrittenJob::follow);
    }

    /** Returns the text of those keys of a scope that jobs of the first version had not; empty without them. */
    static String laterKeysOf(Scope scope) {
        String text = written(scope, WrittenJob::laterKeys);
        return text.equals("{}") ? "" : text;
    }

    /** Returns the text of a request's details. */
    public static String of(Request.Details details) {
        return written(details, WrittenJob::details);
    }

    // --- the parts of a job ---

    private static void request(Request request, WrittenJob out) {
        out.put("url", request.url().toString());
        out.put("label", request.label());
        out.put("depth", request.depth(), 0);
        out.put("referrer", request.referrer().map(Object::toString));
        details(request.details(), out);
    }

    private static void details(Request.Details details, WrittenJob out) {
        if (details.method() != Request.Method.GET) {
            out.put("method", details.method().name());
        }
        if (!details.headers().isEmpty()) {
            out.member("headers", written(details.headers(), WrittenJob::map));
        }
        details.body().ifPresent(body -> {
            out.put("contentType", body.contentType());
            out.put("body", body.text());
            out.put("octets", body.isOctets());
        });
        out.put("priority", details.priority(), 0);
        if (!details.data().isEmpty()) {
            out.member("data", written(details.data(), WrittenJob::map));
        }
        out.put("identity", details.identity());
        switch (details.references()) {
            case NONE -> {}
            case IN_TEXT -> out.put("secrets", "text");
            case IN_FORM -> out.put("secrets", "form");
            case IN_JSON -> out.put("secrets", "json");
        }
    }

    private static void map(Map<String, ?> values, WrittenJob out) {
        values.forEach((name, value) -> out.member(name, scalar(value)));
    }

    private static String scalar(Object value) {
        return value instanceof String said ? quoted(said) : value.toString();
    }

    private static void sitemaps(Start start, WrittenJob out) {
        out.put("urls", start.sitemaps().stream().map(Object::toString).toList(), List.of());
        out.put("fromRobots", start.sitemapsFromRobots());
    }

    private static void scope(Scope scope, WrittenJob out) {
        out.put("allowedDomains", scope.allowedDomains()
                .stream()
                .map(domain -> domain.port() == 0 ? domain.name() : domain.name() + " " + domain.port())
                .toList(), List.of());
        out.put("hosts", scope.hosts().stream().map(WrittenJob::host).sorted().toList(), List.of());
        out.put("include", scope.include().stream().map(TextPattern::toString).toList(), List.of());
        out.put("exclude", scope.exclude().stream().map(TextPattern::toString).toList(), List.of());
        out.put("maxDepth", scope.maxDepth(), MAX_DEPTH);
        laterKeys(scope, out);
    }

    private static void laterKeys(Scope scope, WrittenJob out) {
        out.put("dropParameters", scope.dropParameters().names(), List.of());
        out.put("skipExtensions", scope.skipExtensions().names(), SKIPPED_EXTENSIONS);
        if (!scope.followDuplicates()) {
            out.member("followDuplicates", "false");
        }
        out.put("checkExternal", scope.checkExternal());
    }

    private static void parse(Parsing parsing, WrittenJob out) {
        out.put("contentTypes", parsing.contentTypes(), CONTENT_TYPES);
        out.put("charset", parsing.charset());
    }

    private static void follow(FollowRule rule, WrittenJob out) {
        switch (rule.source()) {
            case FollowRule.Picked(Selector selector, String attr) -> {
                selector(selector, out);
                out.put("attr", attr);
            }
            case FollowRule.Template template -> {
                out.member("request", written(template.request(), WrittenJob::template));
                out.member("values", written(template.values(), WrittenJob::field));
                template.when().ifPresent(when -> out.member("when", written(when, WrittenJob::selector)));
                template.identity().ifPresent(counting -> out.member("identity", names(counting)));
            }
            case FollowRule.Form(FormFill fill, boolean refers, Optional<List<String>> identity) -> {
                out.put("form", fill.form().expression());
                fill.submit().ifPresent(button -> out.put("submit", button.expression()));
                out.member("fields", array(fill.fields()
                        .entrySet()
                        .stream()
                        .map(field -> array(List.of(quoted(field.getKey()), names(field.getValue()))))
                        .toList()));
                identity.ifPresent(counting -> out.member("identity", names(counting)));
                out.put("secrets", refers);
            }
            case FollowRule.StandardSet _ -> out.put("standard", true);
        }
        out.put("label", rule.label());
        out.put("priority", rule.priority(), 0);
        out.put("include", rule.include().stream().map(TextPattern::toString).toList(), List.of());
        out.put("exclude", rule.exclude().stream().map(TextPattern::toString).toList(), List.of());
        if (!rule.data().isEmpty()) {
            out.member("data", written(rule.data(), WrittenJob::field));
        }
    }

    private static void template(RequestTemplate request, WrittenJob out) {
        out.put("url", request.url());
        out.put("method", request.method().name());
        if (!request.headers().isEmpty()) {
            out.member("headers", written(request.headers(), WrittenJob::map));
        }
        out.put("secrets", request.refersToSecrets());
        request.body().ifPresent(body -> {
            switch (body) {
                case RequestTemplate.Form(List<Map.Entry<String, String>> fields) -> out.member("form", array(fields
                        .stream()
                        .map(field -> array(List.of(quoted(field.getKey()), quoted(field.getValue()))))
                        .toList()));
                case RequestTemplate.Json(String document) -> out.put("json", document);
                case RequestTemplate.Text(String contentType, String text) -> {
                    out.put("contentType", contentType);
                    out.put("body", text);
                }
            }
        });
    }

    private static void extract(ExtractRule rule, WrittenJob out) {
        out.put("name", rule.name());
        out.put("match", rule.match().map(TextPattern::toString));
        out.put("label", rule.label());
        rule.each().ifPresent(each -> out.member("each", written(each, WrittenJob::selector)));
        out.member("fields", written(rule.fields(), WrittenJob::field));
    }

    /** Its limits may differ. */
    private static void download(Download download, WrittenJob out) {
        out.put("match", download.match().map(TextPattern::toString));
        out.put("contentTypes", download.contentTypes(), List.of());
        out.put("css", download.css().map(Selector.Css::expression));
    }

    private static void field(Field field, WrittenJob out) {
        out.put("name", field.name());
        switch (field.source()) {
            case Field.Selected selected -> {
                selector(selected.selector(), out);
                out.put("attr", selected.attr());
                reading(selected.reading(), out);
                out.put("list", selected.list());
            }
            case Field.OfPage ofPage -> {
                out.put("from", fact(ofPage.fact()));
                reading(ofPage.reading(), out);
            }
            case Field.OfHeader ofHeader -> {
                out.put("from", "header:" + ofHeader.name().toLowerCase(Locale.ROOT));
                reading(ofHeader.reading(), out);
            }
            case Field.OfData ofData -> {
                out.put("from", "data." + ofData.name());
                ofData.reading().ifPresent(reading -> {
                    out.put("reads", true);
                    reading(reading, out);
                });
                ofData.add().ifPresent(number -> out.member("add", number.toString()));
                ofData.otherwise().ifPresent(value -> out.member("default", scalar(value)));
            }
            case Field.Constant constant -> out.member("value", scalar(constant.value()));
            case Field.OfArticle article -> out.put("article", article(article.part()));
            case Field.Nested nested -> {
                nested.each().ifPresent(each -> out.member("each", written(each, WrittenJob::selector)));
                out.member("fields", written(nested.fields(), WrittenJob::field));
            }
        }
        out.put("required", field.required());
    }

    private static void selector(Selector selector, WrittenJob out) {
        switch (selector) {
            case Selector.Css css -> out.put("css", css.expression());
            case Selector.XPath xpath -> out.put("xpath", xpath.expression());
            case Selector.Json json -> {
                out.put("json", json.expression());
                out.put("jsonld", json.jsonld());
                out.put("in", json.in().map(Selector.Css::expression));
            }
        }
    }

    private static void reading(Reading reading, WrittenJob out) {
        if (reading.type() != Reading.Type.STRING) {
            out.put("type", type(reading.type()));
        }
        out.put("regex", reading.regex().map(TextPattern::toString));
        out.put("decimal", reading.decimal().map(DecimalMark::character).map(String::valueOf));
        out.put("format", reading.date().map(DatePattern::pattern));
        out.put("locale", reading.date().flatMap(DatePattern::locale));
    }

    private static String type(Reading.Type type) {
        return switch (type) {
            case STRING -> "string";
            case NUMBER -> "number";
            case INTEGER -> "integer";
            case BOOLEAN -> "boolean";
            case URL -> "url";
            case HTML -> "html";
            case DATE -> "date";
            case TEXT -> "text";
            case MARKDOWN -> "markdown";
        };
    }

    private static String article(Field.ArticlePart part) {
        return switch (part) {
            case TITLE -> "title";
            case TEXT -> "text";
            case MARKDOWN -> "markdown";
            case BYLINE -> "byline";
            case PUBLISHED -> "published";
        };
    }

    private static String fact(Field.Fact fact) {
        return switch (fact) {
            case URL -> "url";
            case FETCHED_AT -> "fetchedAt";
            case LABEL -> "label";
            case REFERRER -> "referrer";
            case DEPTH -> "depth";
            case STATUS -> "status";
            case TITLE -> "title";
        };
    }

    /** A blank stands in neither name, and a name of IPv6 has colons. */
    private static String host(Host host) {
        return host.name() + " " + host.port();
    }

    // --- JSON ---

    private static <T> String written(T value, BiConsumer<T, WrittenJob> writer) {
        WrittenJob out = new WrittenJob();
        writer.accept(value, out);
        return out.text.append('}').toString();
    }

    private static <T> String written(List<T> values, BiConsumer<T, WrittenJob> writer) {
        return array(values.stream().map(value -> written(value, writer)).toList());
    }

    private void put(String key, String value) {
        member(key, quoted(value));
    }

    private void put(String key, Optional<String> value) {
        value.ifPresent(present -> put(key, present));
    }

    private void put(String key, boolean value) {
        if (value) {
            member(key, "true");
        }
    }

    private void put(String key, int value, int unless) {
        if (value != unless) {
            member(key, Integer.toString(value));
        }
    }

    private void put(String key, List<String> values, List<String> unless) {
        if (!values.equals(unless)) {
            member(key, array(values.stream().map(WrittenJob::quoted).toList()));
        }
    }

    private void member(String key, String json) {
        text.append(text.length() == 1 ? "" : ",").append(quoted(key)).append(':').append(json);
    }

    private static String names(List<String> texts) {
        return array(texts.stream().map(WrittenJob::quoted).toList());
    }

    private static String array(List<String> elements) {
        return "[" + String.join(",", elements) + "]";
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
