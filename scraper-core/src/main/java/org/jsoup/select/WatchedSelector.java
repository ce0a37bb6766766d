package org.jsoup.select;

import fanout.internal.annotation.Internal;
import fanout.internal.limit.ParseTime;
import fanout.internal.limit.WatchedPattern;
import fanout.internal.limit.WatchedSearch;
import fanout.url.TextPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jsoup.helper.Regex;
import org.jsoup.internal.Normalizer;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.LeafNode;
import org.jsoup.nodes.Node;

/**
 * A CSS selector that ends with the parse. jsoup asks a selector about one element after another, and what it does for
 * one may take hours: {@code :has} in {@code :has} looks at all elements for each. So the selector that jsoup has
 * parsed is built once more of the same parts, and each part that jsoup asks in a loop looks at the time first, through
 * {@link ParseTime#spend}. Tests of texts, whose time depends on what a page writes, are replaced by some that look at
 * the time on the way.
 *
 * <p>It is in jsoup's package because only there can the parts be seen, and the compiler checks that they are still
 * what they were. Immutable and thread-safe as jsoup's evaluators are.
 */
@Internal
public final class WatchedSelector {

    /** What a part costs that counts an element's siblings. */
    private static final int SIBLINGS = 64;

    private static final String TEXT_END = ")";

    private WatchedSelector() {}

    /**
     * Parses a selector.
     *
     * @throws Selector.SelectorParseException if it is none
     */
    public static Evaluator parse(String css) {
        Evaluator parsed = QueryParser.parse(css);
        return Evaluator.withMode(parsed.web, () -> looped(parsed));
    }

    /** A part that is asked in a loop. */
    private static Evaluator looped(Evaluator part) {
        return new CombiningEvaluator.And(List.of(new Watch(1), built(part)));
    }

    private static List<Evaluator> built(List<Evaluator> parts) {
        return parts.stream().map(WatchedSelector::built).toList();
    }

    private static Evaluator built(Evaluator part) {
        return switch (part) {
            case CombiningEvaluator.And all -> new CombiningEvaluator.And(built(all.evaluators));
            case CombiningEvaluator.Or any -> new CombiningEvaluator.Or(built(any.evaluators));
            case StructuralEvaluator structural -> built(structural);
            case HasEvaluator has -> built(has);
            case Evaluator.IndexEvaluator _,Evaluator.CssNthEvaluator _,Evaluator.IsOnlyChild _,Evaluator.IsOnlyOfType _,Evaluator.IsEmpty _ ->
                    new CombiningEvaluator.And(List.of(new Watch(SIBLINGS), part));
            default -> ofText(part);
        };
    }

    private static Evaluator built(StructuralEvaluator part) {
        return switch (part) {
            case StructuralEvaluator.Ancestor _ -> new StructuralEvaluator.Ancestor(looped(part.evaluator));
            case StructuralEvaluator.PreviousSibling _ ->
                    new StructuralEvaluator.PreviousSibling(looped(part.evaluator));
            case StructuralEvaluator.ImmediatePreviousSibling _ ->
                    new StructuralEvaluator.ImmediatePreviousSibling(built(part.evaluator));
            case StructuralEvaluator.Not _ -> new StructuralEvaluator.Not(built(part.evaluator));
            case StructuralEvaluator.Is _ -> new StructuralEvaluator.Is(built(part.evaluator));
            case StructuralEvaluator.ImmediateParentRun run -> {
                List<Evaluator> parts = built(run.evaluators);
                StructuralEvaluator.ImmediateParentRun built =
                        new StructuralEvaluator.ImmediateParentRun(parts.getFirst());
                parts.subList(1, parts.size()).forEach(built::add);
                yield built;
            }
            default -> throw new IllegalStateException("a part that is not known: " + part.getClass());
        };
    }

    private static Evaluator built(HasEvaluator has) {
        String written = has.toString();
        List<HasEvaluator.Traversal> traversals = new ArrayList<>();
        for (HasEvaluator.Traversal traversal : has.traversals) {
            traversals.add(new HasEvaluator.Traversal(new ArrayList<>(List.of(looped(traversal.evaluator))),
                    traversal.startsAtSibling, traversal.descend, traversal.nextSiblingOnly));
        }
        return new HasEvaluator(written.substring(":has(".length(), written.length() - 1), traversals);
    }

    private static Evaluator ofText(Evaluator part) {
        UnaryOperator<String> asWritten = UnaryOperator.identity();
        return switch (part) {
            case Evaluator.ContainsText _ ->
                    containing(part, ":contains(", Element::text, Normalizer::lowerCase);
            case Evaluator.ContainsOwnText _ ->
                    containing(part, ":containsOwn(", Element::ownText, Normalizer::lowerCase);
            case Evaluator.ContainsData _ ->
                    containing(part, ":containsData(", Element::data, Normalizer::lowerCase);
            case Evaluator.ContainsWholeText _ ->
                    containing(part, ":containsWholeText(", Element::wholeText, asWritten);
            case Evaluator.ContainsWholeOwnText _ ->
                    containing(part, ":containsWholeOwnText(", Element::wholeOwnText, asWritten);
            case Evaluator.Matches _ -> matching(part, ":matches(", Element::text);
            case Evaluator.MatchesOwn _ -> matching(part, ":matchesOwn(", Element::ownText);
            case Evaluator.MatchesWholeText _ -> matching(part, ":matchesWholeText(", Element::wholeText);
            case Evaluator.MatchesWholeOwnText _ -> matching(part, ":matchesWholeOwnText(", Element::wholeOwnText);
            case Evaluator.AttributeWithValueMatching attribute when Regex.usingRe2j() ->
                    new MatchingAttribute(attribute);
            case NodeEvaluator.ContainsValue _ -> new OfNode(part,
                    containing(argument(part, ":contains("), Normalizer::lowerCase));
            case NodeEvaluator.MatchesValue _ when Regex.usingRe2j() ->
                    new OfNode(part, matching(argument(part, ":matches(")));
            default -> part;
        };
    }

    /** jsoup keeps what it looks for to itself, but writes it. */
    private static String argument(Evaluator part, String before) {
        String written = part.toString();
        if (!written.startsWith(before) || !written.endsWith(TEXT_END)) {
            throw new IllegalStateException("not written as " + before + "…): " + written);
        }
        return written.substring(before.length(), written.length() - TEXT_END.length());
    }

    private static Evaluator containing(Evaluator part, String before, Function<Element, String> reader,
            UnaryOperator<String> spelling) {
        return new OfElement(part, reader, containing(argument(part, before), spelling));
    }

    private static TextTest containing(String wanted, UnaryOperator<String> spelling) {
        return (text, time) -> WatchedSearch.indexOf(spelling.apply(text), wanted, time) >= 0;
    }

    private static Evaluator matching(Evaluator part, String before, Function<Element, String> reader) {
        return Regex.usingRe2j() ? new OfElement(part, reader, matching(argument(part, before))) : part;
    }

    private static TextTest matching(String regex) {
        TextPattern pattern = TextPattern.of(regex);
        return (text, time) -> WatchedPattern.isFoundIn(text, pattern, time::spend);
    }

    /** Whether a text is what is looked for. */
    @FunctionalInterface
    private interface TextTest {
        boolean passes(String text, ParseTime time);
    }

    /** Lets everything pass. Costs nothing by its own account, so that jsoup asks it first. */
    private static final class Watch extends Evaluator {

        private final int steps;

        private Watch(int steps) {
            this.steps = steps;
        }

        @Override
        public boolean matches(Element root, Element element) {
            ParseTime.current().spend(steps);
            return true;
        }

        @Override
        boolean matches(Element root, LeafNode leaf) {
            ParseTime.current().spend(steps);
            return true;
        }

        @Override
        protected int cost() {
            return 0;
        }

        @Override
        public String toString() {
            return "";
        }
    }

    /** A test of an element's text. */
    private static final class OfElement extends Evaluator {

        private final Evaluator original;
        private final Function<Element, String> reader;
        private final TextTest test;

        private OfElement(Evaluator original, Function<Element, String> reader, TextTest test) {
            this.original = original;
            this.reader = reader;
            this.test = test;
        }

        @Override
        public boolean matches(Element root, Element element) {
            ParseTime time = ParseTime.current();
            time.spend(1);
            return test.passes(reader.apply(element), time);
        }

        @Override
        protected int cost() {
            return original.cost();
        }

        @Override
        public String toString() {
            return original.toString();
        }
    }

    /** A test of what a text, a comment or the like has in it. */
    private static final class OfNode extends NodeEvaluator {

        private final Evaluator original;
        private final TextTest test;

        private OfNode(Evaluator original, TextTest test) {
            this.original = original;
            this.test = test;
        }

        @Override
        boolean evaluateMatch(Node node) {
            return test.passes(node.nodeValue(), ParseTime.current());
        }

        @Override
        protected int cost() {
            return original.cost();
        }

        @Override
        public String toString() {
            return original.toString();
        }
    }

    /** {@code [key~=pattern]}. */
    private static final class MatchingAttribute extends Evaluator.AttributeEvaluator {

        private final Evaluator.AttributeWithValueMatching original;
        private final TextPattern pattern;

        private MatchingAttribute(Evaluator.AttributeWithValueMatching original) {
            this.original = original;
            this.pattern = TextPattern.of(original.pattern.toString());
        }

        @Override
        boolean matchesNode(Element root, Node node) {
            String value = attribute(root, node, original.key);
            return value != null && WatchedPattern.isFoundIn(value, pattern, ParseTime.current()::spend);
        }

        @Override
        protected int cost() {
            return original.cost();
        }

        @Override
        public String toString() {
            return original.toString();
        }
    }
}
