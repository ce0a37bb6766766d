package fanout.app.config;

import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.app.config.schema.NearestKey;
import fanout.app.config.schema.Section;
import fanout.job.Cidr;
import fanout.job.Parsing;
import fanout.job.Selector;
import fanout.url.CanonicalUrl;
import fanout.url.TextPattern;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;

/**
 * Reads URLs, blocks of addresses, encodings, patterns and selectors. Each result is empty if there was a problem. The
 * patterns and selectors of a job may take so much, all of them together: compiled, each of their characters takes some
 * hundred bytes and a part of the time of every page. Not thread-safe.
 */
final class ValueReader {

    /** Characters, where a counted repetition stands for as many characters as it makes. */
    private static final long MOST_CHARACTERS = 200_000;
    /** What the smallest expression takes. */
    private static final int EACH = 20;
    /** What a pattern stands behind. */
    private static final java.util.regex.Pattern REGEX_IN_CSS =
            java.util.regex.Pattern.compile("~=|:matches\\w*\\(");

    private final Problems problems;
    private long spent;

    ValueReader(Problems problems) {
        this.problems = problems;
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

    Optional<TextPattern> pattern(YamlNode.Scalar node) {
        return within(node, RepeatCount.sizeOf(node.text()), () -> compile(node.text()));
    }

    Optional<Selector.Css> css(YamlNode.Scalar node) {
        return within(node, node.text().length() + RepeatCount.sizeOf(node.text()), () -> {
            checkRepeatsIn(node.text());
            return new Selector.Css(node.text());
        });
    }

    private Optional<Selector> xpath(YamlNode.Scalar node) {
        return within(node, node.text().length(), () -> new Selector.XPath(node.text()));
    }

    private Optional<Selector> json(YamlNode.Scalar node, Section section) {
        Optional<Selector.Css> in = section.scalar("in").flatMap(this::css);
        return section.has("in") && in.isEmpty() ? Optional.empty()
                : within(node, node.text().length(),
                        () -> new Selector.Json(node.text(), section.text("jsonld"), in));
    }

    /** Returns what the supplier makes of an expression of this size, unless the job has too many. */
    private <T> Optional<T> within(YamlNode.Scalar node, long size, Supplier<? extends T> supplier) {
        boolean wasEnough = spent <= MOST_CHARACTERS;
        spent += EACH + size;
        if (spent > MOST_CHARACTERS && wasEnough) {
            problems.add(node.at(), "the patterns and selectors of a job come to more than " + MOST_CHARACTERS
                    + " characters here, with " + EACH
                    + " for each and counted repetitions written out; split the job, or write fewer patterns");
        }
        return spent <= MOST_CHARACTERS ? problems.at(node.at(), supplier) : Optional.empty();
    }

    /** Returns what a section's css, xpath, or json with jsonld or in select. */
    Optional<Selector> selector(Section section) {
        if (section.has("in") && !section.has("json")) {
            problems.add(section.keyAt("in"),
                    "in goes with json only, as in {json: /props, in: \"script#__NEXT_DATA__\"}");
            return Optional.empty();
        }
        if (section.has("in") && section.has("jsonld")) {
            problems.add(section.keyAt("in"), "in does not go with jsonld, which finds its elements itself");
            return Optional.empty();
        }
        if (section.has("jsonld") && !section.has("json")) {
            problems.add(section.keyAt("jsonld"), "jsonld goes with json only, as in {jsonld: Product, json: /name}");
            return Optional.empty();
        }
        return section.scalar("css")
                .<Selector>flatMap(this::css)
                .or(() -> section.scalar("xpath").flatMap(this::xpath))
                .or(() -> section.scalar("json").flatMap(node -> json(node, section)));
    }

    /** Returns what a section's each selects: a CSS selector, or a mapping with any. */
    Optional<Selector> each(Section section) {
        return section.scalar("each")
                .<Selector>flatMap(this::css)
                .or(() -> section.has("each") ? oneOf(section.section("each")) : Optional.empty());
    }

    /** A mapping next to a text cannot say in the schema that it takes one key of several. */
    private Optional<Selector> oneOf(Section each) {
        List<String> given = List.of("css", "xpath", "json").stream().filter(each::has).toList();
        if (given.size() > 1) {
            problems.add(each.at(), "each has " + String.join(" and ", given) + "; give one of css, xpath, json");
            return Optional.empty();
        }
        return selector(each);
    }

    /**
     * Compiles an RE2 pattern.
     *
     * @throws IllegalArgumentException if it is refused; the message says how to write it otherwise
     */
    static TextPattern compile(String text) {
        if (RepeatCount.of(text) > RepeatCount.MOST) {
            throw new IllegalArgumentException("not an RE2 pattern: \"" + text
                    + "\" (counted repetitions come to more than " + RepeatCount.MOST + ")");
        }
        try {
            return TextPattern.of(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(Foreign.in(text)
                    .map(foreign -> "not an RE2 pattern: \"" + text + "\" " + foreign.words())
                    .orElse(e.getMessage())
                    + (text.startsWith("*") ? "; * repeats what stands before it, write .* for any text" : ""), e);
        }
    }

    /**
     * Checks the patterns in a CSS selector, before jsoup compiles them.
     *
     * @throws IllegalArgumentException if counted repetitions come to too many
     */
    private static void checkRepeatsIn(String css) {
        for (Matcher begin = REGEX_IN_CSS.matcher(css); begin.find();) {
            if (RepeatCount.of(css.substring(begin.end())) > RepeatCount.MOST) {
                throw new IllegalArgumentException("not a CSS selector: " + css + " (counted repetitions come to more "
                        + "than " + RepeatCount.MOST + ")");
            }
        }
    }

    /** What other dialects have; the first that a refused pattern contains is probably why. */
    private enum Foreign {

        LOOK_BEHIND("\\(\\?<[=!]", "(RE2 has no look-behind); a regex keeps its group 1, so match what stands before "
                + "as well, as in EUR ([0-9.]+)"),
        LOOK_AHEAD("\\(\\?=", "(RE2 has no look-ahead); a regex keeps its group 1, so match what follows as well, "
                + "as in ([0-9.]+) EUR"),
        NEGATIVE_LOOK_AHEAD("\\(\\?!",
                "(RE2 has no look-ahead); say what may follow, as in [^/], and leave URLs out by scope.exclude"),
        BACK_REFERENCE("\\\\[1-9]|\\\\k<", "(RE2 has no back references)"),
        ATOMIC("\\(\\?>|[*+?}]\\+", "(RE2 has no atomic groups and possessive quantifiers, and needs none, because it "
                + "never backtracks); write (?:…) and a single quantifier"),
        END("\\\\Z", "(RE2 has no \\Z); write \\z or $"),
        SPACE("\\\\[hR]", "(RE2 has no \\h and \\R); write [ \\t] and \\r?\\n"),
        PROPERTY("\\\\[pP]\\{",
                "(RE2 knows general categories and scripts only); write \\p{L} for letters, \\p{N} for digits");

        private final java.util.regex.Pattern sign;
        private final String words;

        Foreign(String sign, String words) {
            this.sign = java.util.regex.Pattern.compile(sign);
            this.words = words;
        }

        private String words() {
            return words;
        }

        private static Optional<Foreign> in(String text) {
            return Arrays.stream(values()).filter(foreign -> foreign.sign.matcher(text).find()).findFirst();
        }
    }

    /**
     * How often counted repetitions repeat the innermost part of a pattern: {@code ((a{10}){20}){30}} comes to 6000.
     * RE2/J expands every repetition, and a few nested ones take all memory. RE2 and Go refuse more than 1000, and so
     * do we. Of many patterns the size counts: that of the pattern with its repetitions written out.
     */
    static final class RepeatCount {

        private static final long MOST = 1000;

        /** What a Unicode class takes: hundreds of ranges. */
        private static final long UNICODE_CLASS = 1_000;

        private final String pattern;
        private final Deque<Long> groups = new ArrayDeque<>(); // the most within each open group
        private final Deque<Long> sizes = new ArrayDeque<>(); // the size of what stands before each open group
        private long most = 1; // within the group that is read
        private long last = 1; // within the last atom
        private long size; // of the group that is read
        private long lastSize; // of the last atom
        private int at;

        private RepeatCount(String pattern) {
            this.pattern = pattern;
        }

        /** Returns the count, or at least more than {@link #MOST}. */
        static long of(String pattern) {
            return new RepeatCount(pattern).count();
        }

        /** Returns the size of a pattern whose count is not beyond {@link #MOST}. */
        static long sizeOf(String pattern) {
            RepeatCount whole = new RepeatCount(pattern);
            whole.count();
            long size = whole.size;
            for (long outer : whole.sizes) {
                size += outer;
            }
            return size;
        }

        private long count() {
            while (at < pattern.length() && most <= MOST) {
                char c = pattern.charAt(at++);
                switch (c) {
                    case '\\' -> {
                        int from = at;
                        atom(escape() + at - from);
                    }
                    case '[' -> {
                        int from = at;
                        atom(characterClass() + at - from);
                    }
                    case '(' -> {
                        groups.push(most);
                        sizes.push(size);
                        most = 1;
                        last = 1;
                        size = 1;
                    }
                    case ')' -> {
                        last = most;
                        lastSize = size;
                        most = Math.max(most, groups.isEmpty() ? 1 : groups.pop());
                        size += sizes.isEmpty() ? 0 : sizes.pop();
                    }
                    case '{' -> repeat();
                    case '*', '+', '?' -> {} // of the last atom, which stays the last
                    default -> {
                        last = 1;
                        atom(1);
                    }
                }
            }
            return most;
        }

        private void atom(long bytes) {
            size += bytes;
            lastSize = bytes;
        }

        /** Returns what it takes in addition to its characters. */
        private long escape() {
            char c = at < pattern.length() ? pattern.charAt(at++) : '\\';
            last = 1;
            if (c == 'Q') {
                int end = pattern.indexOf("\\E", at);
                at = end < 0 ? pattern.length() : end + 2;
                return 1;
            } else if ("xpP".indexOf(c) >= 0 && pattern.startsWith("{", at)) {
                int end = pattern.indexOf('}', at);
                at = end < 0 ? pattern.length() : end + 1;
            }
            return c == 'p' || c == 'P' ? UNICODE_CLASS : 1;
        }

        /** Returns what it takes in addition to its characters. */
        private long characterClass() {
            long unicode = 0;
            last = 1;
            at += pattern.startsWith("^", at) ? 1 : 0;
            at += pattern.startsWith("]", at) ? 1 : 0; // literally, as the first character
            while (at < pattern.length() && pattern.charAt(at) != ']') {
                int named = pattern.startsWith("[:", at) ? pattern.indexOf(":]", at) : -1;
                if (pattern.startsWith("\\p", at) || pattern.startsWith("\\P", at)) {
                    unicode += UNICODE_CLASS;
                }
                at = named >= 0 ? named + 2 : at + (pattern.charAt(at) == '\\' ? 2 : 1);
            }
            at++;
            return 1 + unicode;
        }

        /** {@code {n}}, <code>{n,}</code> or <code>{n,m}</code>; anything else is literal text. */
        private void repeat() {
            int end = pattern.indexOf('}', at);
            String inside = end < 0 ? "" : pattern.substring(at, end);
            if (!inside.matches("[0-9]{1,9}(,[0-9]{0,9})?")) {
                last = 1;
                atom(1);
                return;
            }
            at = end + 1;
            long times = 1;
            for (String number : inside.split(",", 0)) {
                times = Math.max(times, Long.parseLong(number));
            }
            last *= times;
            most = Math.max(most, last);
            size += lastSize * (Math.min(times, MOST) - 1);
            lastSize *= Math.min(times, MOST);
        }
    }
}
