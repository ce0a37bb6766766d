package fanout.internal.markup;

import fanout.internal.limit.ParseTime;
import fanout.internal.limit.WatchedSearch;
import fanout.internal.markup.Expr.Axis;
import fanout.internal.markup.Expr.Operator;
import fanout.internal.markup.Expr.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/**
 * One evaluation of an expression. Sets of nodes are lists without duplicates; those that paths and unions give are in
 * document order. Paths are followed step by step, so that a node which is reached on many ways is asked once a step;
 * the last step ends at the first node where only the existence of one counts. Confined to one thread.
 */
final class Evaluation {

    /**
     * A node, and its place among those that a predicate looks at; their number is 0 where no predicate asks for it.
     */
    private record Context(Object node, int position, int size) {}

    private final Tree tree;
    private final ParseTime time;

    Evaluation(Element scope, ParseTime time) {
        this.tree = new Tree(scope, time);
        this.time = time;
    }

    List<Object> nodes(Expr expr) {
        return nodes(expr, start()).stream().map(tree::outside).toList();
    }

    String text(Expr expr) {
        return text(expr, start());
    }

    private Context start() {
        return new Context(tree.start(), 1, 1);
    }

    private List<Object> nodes(Expr expr, Context context) {
        return switch (expr) {
            case Expr.Path path -> path(path, context);
            case Expr.Union(List<Expr> parts) -> union(parts, context);
            case Expr.Filter(Expr base, List<Expr> predicates) -> {
                List<Object> found = nodes(base, context);
                for (Expr predicate : predicates) {
                    found = filtered(found, predicate);
                }
                yield found;
            }
            case Expr.Call call -> byId(call.arguments().getFirst(), context);
            case Expr.Numeral _,Expr.Literal _,Expr.Binary _,Expr.Negated _ ->
                    throw new IllegalStateException("the parser lets no such expression stand for nodes");
        };
    }

    private List<Object> union(List<Expr> parts, Context context) {
        Set<Object> found = new LinkedHashSet<>();
        for (Expr part : parts) {
            found.addAll(nodes(part, context));
        }
        return ordered(new ArrayList<>(found));
    }

    private List<Object> path(Expr.Path path, Context context) {
        List<Object> found = origins(path, context);
        for (Step step : path.steps()) {
            found = step(step, found);
        }
        return ordered(found);
    }

    private List<Object> origins(Expr.Path path, Context context) {
        return path.start()
                .map(start -> nodes(start, context))
                .orElseGet(() -> List.of(path.isAbsolute() ? tree.root() : context.node));
    }

    private List<Object> step(Step step, List<Object> from) {
        List<Object> found = new ArrayList<>();
        boolean mayRepeat = from.size() > 1 && step.axis().overlaps();
        Set<Object> known = new HashSet<>();
        for (Object node : from) {
            follow(step, node, next -> {
                if (!mayRepeat || known.add(next)) {
                    found.add(next);
                }
                return true;
            });
        }
        if (from.size() == 1 && !step.axis().isForward) {
            Collections.reverse(found);
        }
        return found;
    }

    /** Brings the nodes to which a step leads from one node, in the axis's order. */
    private boolean follow(Step step, Object from, Tree.Visitor visitor) {
        Axis axis = step.axis();
        if (step.predicates().isEmpty()) {
            return tree.walk(axis, from, node -> !tree.passes(axis, step.test(), node) || visitor.visit(node));
        }
        if (step.isStreamed()) {
            return stream(step, from, visitor);
        }
        List<Object> found = new ArrayList<>();
        tree.walk(axis, from, node -> {
            if (tree.passes(axis, step.test(), node)) {
                found.add(node);
            }
            return true;
        });
        List<Object> left = found;
        for (Expr predicate : step.predicates()) {
            left = filtered(left, predicate);
        }
        for (Object node : left) {
            if (!visitor.visit(node)) {
                return false;
            }
        }
        return true;
    }

    /** Each predicate counts what the ones before it have let pass. */
    private boolean stream(Step step, Object from, Tree.Visitor visitor) {
        List<Expr> predicates = step.predicates();
        int[] positions = new int[predicates.size()];
        boolean[] ended = new boolean[1];
        tree.walk(step.axis(), from, node -> {
            if (!tree.passes(step.axis(), step.test(), node)) {
                return true;
            }
            for (int i = 0; i < positions.length; i++) {
                positions[i]++;
                if (predicates.get(i) instanceof Expr.Numeral(double wanted) && positions[i] > wanted) {
                    return false; // none that comes has this position
                }
                if (!holds(predicates.get(i), new Context(node, positions[i], 0))) {
                    return true;
                }
            }
            ended[0] = !visitor.visit(node);
            return !ended[0];
        });
        return !ended[0];
    }

    private List<Object> filtered(List<Object> nodes, Expr predicate) {
        List<Object> left = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            time.spend(1);
            if (holds(predicate, new Context(nodes.get(i), i + 1, nodes.size()))) {
                left.add(nodes.get(i));
            }
        }
        return left;
    }

    private boolean holds(Expr predicate, Context context) {
        return predicate.type() == Expr.Type.NUMBER ? number(predicate, context) == context.position
                : bool(predicate, context);
    }

    private List<Object> ordered(List<Object> nodes) {
        var order = tree.order();
        for (int i = 1; i < nodes.size(); i++) {
            if (order.compare(nodes.get(i - 1), nodes.get(i)) > 0) {
                List<Object> sorted = new ArrayList<>(nodes);
                sorted.sort(order);
                return sorted;
            }
        }
        return nodes;
    }

    private List<Object> byId(Expr argument, Context context) {
        Set<String> wanted = new HashSet<>();
        List<String> texts = argument.type() == Expr.Type.NODES
                ? nodes(argument, context).stream().map(tree::text).toList()
                : List.of(text(argument, context));
        texts.forEach(text -> wanted.addAll(List.of(TextFunctions.normalized(text).split(" ", -1))));
        wanted.remove("");
        Set<String> left = new HashSet<>(wanted);
        List<Object> found = new ArrayList<>();
        tree.walk(Axis.DESCENDANT, tree.root(), node -> {
            if (node instanceof Element element && element.hasAttr("id") && left.remove(element.attr("id"))) {
                found.add(node);
            }
            return !left.isEmpty();
        });
        return found;
    }

    private boolean exists(Expr expr, Context context) {
        if (!(expr instanceof Expr.Path path) || path.steps().isEmpty()) {
            return !nodes(expr, context).isEmpty();
        }
        List<Object> from = origins(path, context);
        for (Step step : path.steps().subList(0, path.steps().size() - 1)) {
            from = step(step, from);
        }
        for (Object node : from) {
            if (!follow(path.steps().getLast(), node, _ -> false)) {
                return true;
            }
        }
        return false;
    }

    private boolean bool(Expr expr, Context context) {
        return switch (expr.type()) {
            case NODES -> exists(expr, context);
            case NUMBER -> isTrue(number(expr, context));
            case STRING -> !text(expr, context).isEmpty();
            case BOOLEAN -> switch (expr) {
                case Expr.Binary binary -> binary(binary, context);
                case Expr.Call call -> boolCall(call, context);
                default -> throw new IllegalStateException("no other expression is a boolean");
            };
        };
    }

    private static boolean isTrue(double number) {
        return number != 0 && !Double.isNaN(number);
    }

    private boolean binary(Expr.Binary binary, Context context) {
        return switch (binary.operator()) {
            case OR -> bool(binary.left(), context) || bool(binary.right(), context);
            case AND -> bool(binary.left(), context) && bool(binary.right(), context);
            default -> compared(binary, context);
        };
    }

    /** Section 3.4: a comparison with nodes holds if it does for one of them. */
    private boolean compared(Expr.Binary binary, Context context) {
        Expr left = binary.left();
        Expr right = binary.right();
        Operator operator = binary.operator();
        boolean isOfNodes = left.type() == Expr.Type.NODES || right.type() == Expr.Type.NODES;
        if (left.type() == Expr.Type.BOOLEAN || right.type() == Expr.Type.BOOLEAN) {
            return operator.precedence == Operator.EQUAL.precedence
                    ? (bool(left, context) == bool(right, context)) == (operator == Operator.EQUAL)
                    : holds(operator, bool(left, context) ? 1 : 0, bool(right, context) ? 1 : 0);
        }
        if (!isOfNodes) {
            boolean asTexts = operator.precedence == Operator.EQUAL.precedence && left.type() == Expr.Type.STRING
                    && right.type() == Expr.Type.STRING;
            return asTexts ? text(left, context).equals(text(right, context)) == (operator == Operator.EQUAL)
                    : holds(operator, number(left, context), number(right, context));
        }
        boolean asNumbers = operator.precedence != Operator.EQUAL.precedence || left.type() == Expr.Type.NUMBER
                || right.type() == Expr.Type.NUMBER;
        return asNumbers ? anyNumber(operator, left, right, context) : anyText(operator, left, right, context);
    }

    private boolean anyText(Operator operator, Expr left, Expr right, Context context) {
        boolean isOneText = right.type() != Expr.Type.NODES;
        List<Object> others = isOneText ? List.of(text(right, context)) : nodes(right, context);
        List<Object> ones = left.type() == Expr.Type.NODES ? nodes(left, context) : List.of(text(left, context));
        for (Object one : ones) {
            String text = textOf(one);
            for (Object other : others) {
                time.spend(1);
                if (text.equals(textOf(other)) == (operator == Operator.EQUAL)) {
                    return true;
                }
            }
        }
        return false;
    }

    private String textOf(Object nodeOrText) {
        return nodeOrText instanceof String text ? text : tree.text(nodeOrText);
    }

    private boolean anyNumber(Operator operator, Expr left, Expr right, Context context) {
        double[] others = numbers(right, context);
        for (double one : numbers(left, context)) {
            for (double other : others) {
                time.spend(1);
                if (holds(operator, one, other)) {
                    return true;
                }
            }
        }
        return false;
    }

    private double[] numbers(Expr expr, Context context) {
        return expr.type() == Expr.Type.NODES
                ? nodes(expr, context).stream().mapToDouble(node -> TextFunctions.number(tree.text(node))).toArray()
                : new double[]{number(expr, context)};
    }

    private static boolean holds(Operator operator, double left, double right) {
        return switch (operator) {
            case EQUAL -> left == right;
            case UNEQUAL -> left != right;
            case LESS -> left < right;
            case AT_MOST -> left <= right;
            case GREATER -> left > right;
            case AT_LEAST -> left >= right;
            default -> throw new IllegalStateException(operator + " compares nothing");
        };
    }

    private double number(Expr expr, Context context) {
        return switch (expr) {
            case Expr.Numeral(double value) -> value;
            case Expr.Negated(Expr operand) -> -number(operand, context);
            case Expr.Binary binary when binary.type() == Expr.Type.NUMBER ->
                    computed(binary.operator(), number(binary.left(), context), number(binary.right(), context));
            case Expr.Call call when call.type() == Expr.Type.NUMBER -> numberCall(call, context);
            default ->
                    expr.type() == Expr.Type.BOOLEAN ? bool(expr, context) ? 1 : 0
                            : TextFunctions.number(text(expr, context));
        };
    }

    private static double computed(Operator operator, double left, double right) {
        return switch (operator) {
            case PLUS -> left + right;
            case MINUS -> left - right;
            case TIMES -> left * right;
            case DIVIDE -> left / right;
            case MODULO -> left % right;
            default -> throw new IllegalStateException(operator + " computes nothing");
        };
    }

    private String text(Expr expr, Context context) {
        return switch (expr.type()) {
            case NUMBER -> TextFunctions.text(number(expr, context));
            case BOOLEAN -> String.valueOf(bool(expr, context));
            case NODES -> {
                @Nullable
                Object first = first(expr, context);
                yield first == null ? "" : tree.text(first);
            }
            case STRING -> expr instanceof Expr.Literal(String text) ? text : textCall((Expr.Call) expr, context);
        };
    }

    private @Nullable Object first(Expr expr, Context context) {
        List<Object> found = nodes(expr, context);
        return found.isEmpty() ? null : found.getFirst();
    }

    /** The argument's text, or the context node's without one. */
    private String textArgument(Expr.Call call, Context context) {
        return call.arguments().isEmpty() ? tree.text(context.node) : textArgument(call, 0, context);
    }

    private String textArgument(Expr.Call call, int index, Context context) {
        String text = text(call.arguments().get(index), context);
        tree.spendOn(text);
        return text;
    }

    private double numberArgument(Expr.Call call, int index, Context context) {
        return number(call.arguments().get(index), context);
    }

    private double numberCall(Expr.Call call, Context context) {
        return switch (call.function()) {
            case LAST -> context.size;
            case POSITION -> context.position;
            case COUNT -> nodes(call.arguments().getFirst(), context).size();
            case STRING_LENGTH -> textArgument(call, context).length();
            case NUMBER -> call.arguments().isEmpty() ? TextFunctions.number(tree.text(context.node))
                    : numberArgument(call, 0, context);
            case SUM -> {
                double sum = 0;
                for (double number : numbers(call.arguments().getFirst(), context)) {
                    sum += number;
                }
                yield sum;
            }
            case FLOOR -> Math.floor(numberArgument(call, 0, context));
            case CEILING -> Math.ceil(numberArgument(call, 0, context));
            case ROUND -> TextFunctions.round(numberArgument(call, 0, context));
            default -> throw new IllegalStateException(call.function() + " gives no number");
        };
    }

    private boolean boolCall(Expr.Call call, Context context) {
        return switch (call.function()) {
            case BOOLEAN -> bool(call.arguments().getFirst(), context);
            case NOT -> !bool(call.arguments().getFirst(), context);
            case TRUE -> true;
            case FALSE -> false;
            case STARTS_WITH -> textArgument(call, 0, context).startsWith(textArgument(call, 1, context));
            case CONTAINS -> WatchedSearch.indexOf(textArgument(call, 0, context), textArgument(call, 1, context),
                    time) >= 0;
            case LANG -> {
                String asked = TextFunctions.lowerCase(textArgument(call, 0, context));
                String language = tree.language(context.node);
                yield language.equals(asked) || (!asked.isEmpty() && language.startsWith(asked + "-"));
            }
            default -> throw new IllegalStateException(call.function() + " gives no boolean");
        };
    }

    private String textCall(Expr.Call call, Context context) {
        return switch (call.function()) {
            case STRING -> textArgument(call, context);
            case CONCAT -> {
                StringBuilder out = new StringBuilder();
                for (Expr part : call.arguments()) {
                    TextFunctions.append(text(part, context), out);
                }
                yield out.toString();
            }
            case SUBSTRING_BEFORE, SUBSTRING_AFTER -> TextFunctions.beside(textArgument(call, 0, context),
                    textArgument(call, 1, context), call.function() == Expr.Function.SUBSTRING_AFTER, time);
            case SUBSTRING -> TextFunctions.substring(textArgument(call, 0, context), numberArgument(call, 1, context),
                    call.arguments().size() == 2 ? Double.POSITIVE_INFINITY : numberArgument(call, 2, context));
            case NORMALIZE_SPACE -> TextFunctions.normalized(textArgument(call, context));
            case TRANSLATE -> TextFunctions.translated(textArgument(call, 0, context), textArgument(call, 1, context),
                    textArgument(call, 2, context));
            case NAME -> nameOf(call, context);
            case LOCAL_NAME -> nameOf(call, context).replaceFirst("^[^:]*:", "");
            case NAMESPACE_URI -> "";
            default -> throw new IllegalStateException(call.function() + " gives no text");
        };
    }

    private String nameOf(Expr.Call call, Context context) {
        @Nullable
        Object node = call.arguments().isEmpty() ? context.node : first(call.arguments().getFirst(), context);
        return node == null ? "" : tree.name(node);
    }
}
