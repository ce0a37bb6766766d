package fanout.internal.parse;

import fanout.internal.json.JsonValue;
import fanout.internal.limit.ParseTime;
import fanout.internal.text.MainContent;
import fanout.internal.text.Markdown;
import fanout.internal.text.PlainText;
import fanout.internal.text.TextView;
import fanout.job.Field;
import fanout.job.Selector;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jspecify.annotations.Nullable;

/**
 * The article of a page: its main content, and what the page says of that, in its JSON-LD, in its {@code meta} elements
 * or beside the text. Confined to one thread.
 */
final class Article {

    private static final int LONGEST_BYLINE = 200;
    private static final DateText DATES = new DateText(Optional.empty());
    private static final Set<String> TYPES = Set.of("Article", "NewsArticle", "BlogPosting", "TechArticle", "Report",
            "ScholarlyArticle", "SocialMediaPosting", "WebPage");

    private static final List<String> TITLES = List.of("og:title", "twitter:title", "dc.title", "citation_title");
    private static final List<String> AUTHORS =
            List.of("author", "article:author", "dc.creator", "dcterms.creator", "citation_author", "parsely-author");
    private static final List<String> DATES_OF_META = List.of("article:published_time", "datepublished", "date",
            "dc.date", "dcterms.date", "dc.date.issued", "dcterms.created", "citation_publication_date", "pubdate",
            "publish-date", "og:published_time", "parsely-pub-date", "sailthru.date");

    /** What stands between the title of a page and the name of its site. */
    private static final Pattern SITE = Pattern.compile("\\s+[|–—·»«:]+\\s+|\\s+-\\s+");

    /** What the page says of its article, as the first walk over it finds it. */
    private static final class Found {

        private final Map<String, String> meta = new HashMap<>();
        /** Of the first level, at most two: more do not say which is the title. */
        private final Set<Element> headings = new LinkedHashSet<>();
        private @Nullable Element author;
        private @Nullable Element date;
        private @Nullable Element title;
    }

    private final MainContent content;
    private final TextView plain;
    private final Found found = new Found();
    private final List<JsonValue> described;

    private Article(Element page, List<JsonValue> nodes, TextView view) {
        this.plain = view;
        this.content = MainContent.of(page, view);
        this.described = nodes.stream().filter(Article::describesArticle).toList();
        look(page);
    }

    static Article of(Element page, List<JsonValue> nodes, TextView view) {
        return new Article(page, nodes, view);
    }

    /** Returns a part of it; empty if the page does not have it. */
    Optional<String> part(Field.ArticlePart part, TextView view) {
        Optional<String> text = switch (part) {
            case TITLE -> title();
            case TEXT -> Optional.of(PlainText.of(content.element(), content.in(view)));
            case MARKDOWN -> Optional.of(Markdown.of(content.element(), content.in(view)));
            case BYLINE -> byline();
            case PUBLISHED -> published();
        };
        return text.filter(written -> !Texts.isBlank(written));
    }

    private static boolean describesArticle(JsonValue node) {
        return node instanceof JsonValue.Members(var members)
                && (members.containsKey("headline") || members.containsKey("datePublished"))
                && Stream.of(members.getOrDefault("@type", new JsonValue.Nothing()))
                        .flatMap(JsonValue::parts)
                        .flatMap(type -> type.text().stream())
                        .anyMatch(type -> TYPES.contains(Selector.Json.plainType(type)));
    }

    /** Recursive: the parser has bounded the depth. */
    private void look(Element element) {
        ParseTime.current().spend(1);
        switch (element.normalName()) {
            case "meta" -> {
                String name = element.attr("property").isEmpty()
                        ? element.attr("name").isEmpty() ? element.attr("itemprop") : element.attr("name")
                        : element.attr("property");
                if (!name.isEmpty() && found.meta.size() < 100) {
                    found.meta.putIfAbsent(name.strip().toLowerCase(Locale.ROOT), element.attr("content"));
                }
            }
            case "title" -> found.title = found.title == null ? element : found.title;
            case "h1" -> {
                if (found.headings.size() < 2) {
                    found.headings.add(element);
                }
            }
            case "template", "script", "style", "svg" -> {
                return;
            }
            default -> {}
        }
        if (element.attributesSize() > 0) {
            lookAtMarks(element);
        }
        int count = element.childNodeSize();
        for (int i = 0; i < count; i++) {
            Node child = element.childNode(i);
            if (child instanceof Element inner) {
                look(inner);
            }
        }
    }

    private void lookAtMarks(Element element) {
        String property = element.attr("itemprop");
        boolean isAuthor = property.equals("author") || element.attr("rel").equalsIgnoreCase("author")
                || element.hasClass("byline") || element.hasClass("p-author");
        if (isAuthor && found.author == null && !element.normalName().equals("link")) {
            found.author = element;
        }
        boolean isDate = property.equals("datePublished") || element.hasAttr("pubdate")
                || element.hasClass("dt-published");
        boolean isTime = element.normalName().equals("time") && element.hasAttr("datetime");
        if (isDate && (found.date == null || !isDate(found.date))) {
            found.date = element;
        } else if (isTime && found.date == null) {
            found.date = element;
        }
    }

    private static boolean isDate(Element element) {
        return element.attr("itemprop").equals("datePublished") || element.hasAttr("pubdate")
                || element.hasClass("dt-published");
    }

    private Optional<String> title() {
        return text("headline").or(() -> meta(TITLES))
                .or(this::heading)
                .or(() -> Optional.ofNullable(found.title).map(Element::text).map(Article::withoutSite))
                .map(Article::line);
    }

    /** The one heading of the first level, without the sign behind it that links to it. */
    private Optional<String> heading() {
        return found.headings.size() != 1 ? Optional.empty()
                : found.headings.stream()
                        .map(heading -> line(PlainText.of(heading, plain)))
                        .filter(text -> !Texts.isBlank(text))
                        .findFirst();
    }

    /** The longer part is the title, and of equal ones the first. */
    private static String withoutSite(String title) {
        Matcher last = SITE.matcher(title);
        int at = -1;
        int behind = -1;
        while (last.find()) {
            at = last.start();
            behind = last.end();
        }
        if (at <= 0) {
            return title;
        }
        String before = title.substring(0, at);
        String after = title.substring(behind);
        return before.length() >= after.length() || before.split("\\s+").length >= 3 ? before : title;
    }

    private Optional<String> byline() {
        return described.stream()
                .flatMap(node -> value(node, "author").stream())
                .map(Article::names)
                .filter(names -> !names.isBlank())
                .findFirst()
                .or(() -> meta(AUTHORS).filter(author -> !author.startsWith("http")))
                .or(() -> Optional.ofNullable(found.author).map(Element::text))
                .map(Article::line)
                .filter(line -> !line.isBlank())
                .map(line -> line.substring(0, Math.min(line.length(), LONGEST_BYLINE)));
    }

    private static String names(JsonValue author) {
        return String.join(", ", author.parts()
                .flatMap(one -> one.text().or(() -> value(one, "name").flatMap(JsonValue::text)).stream())
                .toList());
    }

    private Optional<String> published() {
        return Stream.<Function<Article, Optional<String>>>of(article -> article.text("datePublished"),
                article -> article.meta(DATES_OF_META), Article::dateOfPage)
                .map(from -> from.apply(this))
                .flatMap(Optional::stream)
                .map(DATES::iso)
                .flatMap(Optional::stream)
                .map(Objects::toString)
                .findFirst();
    }

    private Optional<String> dateOfPage() {
        return Optional.ofNullable(found.date)
                .map(date -> Stream.of("datetime", "content", "title")
                        .map(date::attr)
                        .filter(text -> !text.isBlank())
                        .findFirst()
                        .orElseGet(date::text));
    }

    private Optional<String> meta(List<String> names) {
        return names.stream()
                .map(found.meta::get)
                .filter(text -> text != null && !Texts.isBlank(text))
                .findFirst();
    }

    private Optional<String> text(String member) {
        return described.stream()
                .flatMap(node -> value(node, member).flatMap(JsonValue::text).stream())
                .filter(text -> !Texts.isBlank(text))
                .findFirst();
    }

    private static Optional<JsonValue> value(JsonValue node, String member) {
        return node instanceof JsonValue.Members(var members) ? Optional.ofNullable(members.get(member))
                : Optional.empty();
    }

    private static String line(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }
}
