package fanout.app.config;

import com.google.re2j.Pattern;
import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.app.config.schema.NearestKey;
import fanout.app.config.schema.Section;
import fanout.job.Cidr;
import fanout.job.Parsing;
import fanout.job.Selector;
import fanout.url.CanonicalUrl;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads URLs, blocks of addresses, encodings, patterns and selectors. Each result is empty if there was a problem. */
record ValueReader(Problems problems, ExpressionBudget budget) {

    /** For values that are none of a job's expressions. */
    ValueReader(Problems problems) {
        this(problems, new ExpressionBudget(problems));
    }

    Optional<CanonicalUrl> url(YamlNode.Scalar node, String key) {
        Optional<CanonicalUrl> url = CanonicalUrl.parse(node.text());
        if (url.isEmpty()) {
            boolean auto = node.text().equals("auto") && key.equals("sitemaps");
            problems.add(node.at(), (node.secret() ? UrlProblem.ofHidden(key) : UrlProblem.of(key, node.text()))
                    + (auto ? "; for the sitemaps that robots.txt names, write sitemaps: auto" : ""));
        }
        return url;
    }

    /** A block of addresses. */
    Optional<Cidr> cidr(YamlNode.Scalar node) {
        return problems.at(node.at(), () -> {
            try {
                return Cidr.parse(node.text());
            } catch (IllegalArgumentException e) {
                boolean ours = String.valueOf(e.getMessage()).startsWith("network.");
                throw ours ? e
                        : new IllegalArgumentException("not a block of addresses, as in 10.0.0.0/8: \""
                                + node.text() + "\" (names are not looked up)", e);
            }
        });
    }

    /** A label of the Encoding Standard. */
    Optional<String> charset(YamlNode.Scalar node) {
        if (Parsing.isCharset(node.text())) {
            return Optional.of(node.text());
        }
        List<String> nearest = node.secret() ? List.of() : NearestKey.all(node.text(), Parsing.charsets());
        problems.add(node.at(), "parse.charset must be a label of the Encoding Standard, as in windows-1251, not "
                + (node.secret() ? "its value (from the environment)" : "\"" + node.text() + "\"")
                + (nearest.isEmpty() ? "" : "; did you mean " + String.join(" or ", nearest) + "?"));
        return Optional.empty();
    }

    Optional<Pattern> pattern(YamlNode.Scalar node) {
        return within(node, RepeatCount.sizeOf(node.text()), () -> Patterns.compile(node.text()));
    }

    Optional<Selector> css(YamlNode.Scalar node) {
        return within(node, node.text().length() + RepeatCount.sizeOf(node.text()), () -> {
            Patterns.checkRepeatsIn(node.text());
            return new Selector.Css(node.text());
        });
    }

    Optional<Selector> xpath(YamlNode.Scalar node) {
        return within(node, node.text().length(), () -> new Selector.XPath(node.text()));
    }

    private Optional<Selector> json(YamlNode.Scalar node, Optional<String> jsonld) {
        return within(node, node.text().length(), () -> new Selector.Json(node.text(), jsonld));
    }

    /** What the supplier makes of an expression, if the budget has so much left. */
    private <T> Optional<T> within(YamlNode.Scalar node, long size, Supplier<? extends T> supplier) {
        return budget.take(node.at(), size) ? problems.at(node.at(), supplier) : Optional.empty();
    }

    /** What a section's css, xpath, or json and jsonld select. */
    Optional<Selector> selector(Section section) {
        if (section.has("jsonld") && !section.has("json")) {
            problems.add(section.keyAt("jsonld"), "jsonld goes with json only, as in {jsonld: Product, json: /name}");
            return Optional.empty();
        }
        return section.scalar("css")
                .flatMap(this::css)
                .or(() -> section.scalar("xpath").flatMap(this::xpath))
                .or(() -> section.scalar("json").flatMap(node -> json(node, section.text("jsonld"))));
    }

    /** What a section's each selects: a CSS selector, or a mapping with any. */
    Optional<Selector> each(Section section) {
        return section.scalar("each")
                .flatMap(this::css)
                .or(() -> section.has("each") ? oneOf(section.section("each")) : Optional.empty());
    }

    /** A mapping beside a text cannot say in the schema that it takes one key of several. */
    private Optional<Selector> oneOf(Section each) {
        List<String> given = List.of("css", "xpath", "json").stream().filter(each::has).toList();
        if (given.size() > 1) {
            problems.add(each.at(), "each has " + String.join(" and ", given) + "; give one of css, xpath, json");
            return Optional.empty();
        }
        return selector(each);
    }
}
