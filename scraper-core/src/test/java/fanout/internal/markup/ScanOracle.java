package fanout.internal.markup;

import fanout.internal.limit.ParseStopped;
import fanout.internal.limit.ParseTime;
import fanout.internal.markup.PageElements.LinkElement;
import fanout.internal.markup.PageElements.TagAttribute;
import fanout.internal.markup.PageElements.TagAttributes;
import fanout.internal.task.Deadline;
import fanout.internal.task.Ticker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;

/**
 * What a page says of its links, as text: by the scan, and by the document that jsoup makes of it.
 *
 * @param links each once, in order: the document has some of them again, in copies of a formatting element
 * @param others the elements that are never copied, each as often as it is there
 */
record ScanOracle(Optional<String> title, List<String> links, List<String> others) {

    private static final Map<String, LinkElement> ELEMENTS = Stream.of(LinkElement.values())
            .collect(Collectors.toMap(element -> element.name().toLowerCase(Locale.ROOT), Function.identity()));

    private static ScanOracle of(Optional<String> title, List<String> elements) {
        return new ScanOracle(title, List.copyOf(new LinkedHashSet<>(elements)),
                elements.stream().filter(element -> !element.startsWith("A ")).toList());
    }

    /** By the scan, or why it takes a tree. */
    static Object byScan(String page) {
        List<String> elements = new ArrayList<>();
        ParseTime time = new ParseTime(Deadline.after(Duration.ofMinutes(1), Ticker.system()));
        PageScan scan = new PageScan(page.getBytes(StandardCharsets.UTF_8), 0, StandardCharsets.UTF_8,
                (element, attributes) -> elements.add(told(element, attributes)), time);
        try {
            Optional<NeedsTree> reason = scan.read();
            return reason.isPresent() ? reason.get() : of(scan.title(), elements);
        } catch (ParseStopped e) {
            throw new IllegalStateException(e);
        }
    }

    static ScanOracle byTree(String page) {
        Parser parser = Parser.htmlParser();
        parser.setMaxDepth(512);
        Document document = parser.parseInput(page, "http://example.org/");
        List<String> elements = new ArrayList<>();
        List<String> titles = new ArrayList<>();
        document.traverse((node, _) -> {
            if (node instanceof Element element && counts(element)) {
                if (element.normalName().equals("title")) {
                    titles.add(element.wholeOwnText());
                } else if (ELEMENTS.containsKey(element.normalName())) {
                    elements.add(told(ELEMENTS.get(element.normalName()), new OfElement(element)));
                }
            }
        });
        return of(titles.stream().findFirst(), elements);
    }

    /** What is in a template does not count, nor does what is no HTML, except links. */
    private static boolean counts(Element element) {
        return element.parents().stream().noneMatch(ScanOracle::isTemplate)
                && (isHtml(element) || element.normalName().equals("a"));
    }

    private static boolean isTemplate(Element element) {
        return element.normalName().equals("template") && isHtml(element);
    }

    private static boolean isHtml(Element element) {
        return element.tag().namespace().equals(Parser.NamespaceHtml);
    }

    private static String told(LinkElement element, TagAttributes attributes) {
        return Stream.of(TagAttribute.values())
                .filter(attributes::has)
                .map(attribute -> attribute.key() + "=" + attributes.value(attribute))
                .collect(Collectors.joining(" ", element + " ", ""));
    }

    private record OfElement(Element element) implements TagAttributes {
        @Override
        public String value(TagAttribute attribute) {
            return element.attr(attribute.key());
        }

        @Override
        public boolean has(TagAttribute attribute) {
            return element.hasAttr(attribute.key());
        }
    }
}
