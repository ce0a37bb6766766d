package fanout.internal.markup;

import fanout.internal.markup.Expr.Axis;
import fanout.internal.markup.Expr.Function;
import fanout.internal.markup.Expr.Operator;
import fanout.internal.markup.Expr.Step;
import fanout.internal.markup.Expr.Test;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads an expression by the grammar of XPath 1.0: a scanner that knows what an asterisk and the names of operators are
 * by what stands before them (section 3.7), and a recursive descent. Confined to one thread.
 */
final class Parser {

    /** Parentheses and predicates within each other. */
    private static final int MOST_NESTED = 100;

    /** Evaluating a chain of operators takes a frame for each. */
    private static final int MOST_OPERATORS = 1_000;

    private enum Kind {
        NAME, NUMBER, LITERAL, SYMBOL, END
    }

    private record Token(Kind kind, String text, int at) {}

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int next;
    private int depth;
    private int operators;

    private Parser(String text) {
        this.text = text;
    }

    /**
     * Reads an expression.
     *
     * @throws IllegalArgumentException if it is not XPath, or too deep
     */
    static Expr parse(String text) {
        Parser parser = new Parser(text);
        parser.scan();
        Expr expr = parser.expression(Operator.OR.precedence);
        if (parser.peek().kind != Kind.END) {
            throw parser.unexpected();
        }
        return expr;
    }

    private void scan() {
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
                at++;
                continue;
            }
            int end;
            Kind kind;
            if (c == '"' || c == '\'') {
                end = text.indexOf(c, at + 1) + 1;
                if (end == 0) {
                    throw failure("the text that begins here does not end", at);
                }
                kind = Kind.LITERAL;
            } else if (isDigit(c) || (c == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1)))) {
                end = endOfNumber(at);
                kind = Kind.NUMBER;
            } else if (isNameStart(c)) {
                end = endOfName(at);
                kind = Kind.NAME;
            } else {
                end = at + lengthOfSymbol(at);
                kind = Kind.SYMBOL;
            }
            tokens.add(new Token(kind, kind == Kind.LITERAL ? text.substring(at + 1, end - 1) : text.substring(at, end),
                    at));
            at = end;
        }
        tokens.add(new Token(Kind.END, "", text.length()));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isNameStart(char c) {
        return Character.isLetter(c) || c == '_' || Character.isSurrogate(c);
    }

    private static boolean isNamePart(char c) {
        return isNameStart(c) || Character.isDigit(c) || c == '-' || c == '.' || c == '\u00b7';
    }

    private int endOfNumber(int from) {
        int at = from;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            while (at < text.length() && isDigit(text.charAt(at))) {
                at++;
            }
        }
        return at;
    }

    /** With its prefix: {@code a:b} and {@code a:*}, but not {@code a::b}. */
    private int endOfName(int from) {
        int at = endOfPart(from);
        if (at + 1 < text.length() && text.charAt(at) == ':') {
            if (text.charAt(at + 1) == '*') {
                return at + 2;
            }
            if (isNameStart(text.charAt(at + 1))) {
                return endOfPart(at + 1);
            }
        }
        return at;
    }

    private int endOfPart(int from) {
        int at = from;
        while (at < text.length() && isNamePart(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private int lengthOfSymbol(int at) {
        for (String two : List.of("//", "::", "..", "<=", ">=", "!=")) {
            if (text.startsWith(two, at)) {
                return 2;
            }
        }
        if ("()[]@,|+-=<>*/.$".indexOf(text.charAt(at)) < 0) {
            throw failure("\"" + text.charAt(at) + "\" means nothing here", at);
        }
        return 1;
    }

    private Token peek() {
        return tokens.get(next);
    }

    private boolean isNext(String symbol) {
        return peek().kind == Kind.SYMBOL && peek().text.equals(symbol);
    }

    private boolean isBehind(String symbol) {
        Token token = tokens.get(Math.min(next + 1, tokens.size() - 1));
        return token.kind == Kind.SYMBOL && token.text.equals(symbol);
    }

    private boolean take(String symbol) {
        boolean is = isNext(symbol);
        next += is ? 1 : 0;
        return is;
    }

    private void expect(String symbol) {
        if (!take(symbol)) {
            throw failure("\"" + symbol + "\" is missing", peek().at);
        }
    }

    private IllegalArgumentException unexpected() {
        Token token = peek();
        return token.kind == Kind.END ? failure("something is missing", token.at)
                : failure("\"" + token.text + "\" is not expected here", token.at);
    }

    private static IllegalArgumentException failure(String reason, int at) {
        return new IllegalArgumentException(reason + ", at character " + (at + 1));
    }

    private void deeper() {
        if (++depth > MOST_NESTED) {
            throw failure("more than " + MOST_NESTED + " levels", peek().at);
        }
    }

    private void countOperator() {
        if (++operators > MOST_OPERATORS) {
            throw failure("more than " + MOST_OPERATORS + " operators", peek().at);
        }
    }

    private Expr expression(int precedence) {
        Expr left = precedence > Operator.TIMES.precedence ? unary() : expression(precedence + 1);
        Optional<Operator> operator = operator().filter(found -> found.precedence == precedence);
        while (operator.isPresent()) {
            countOperator();
            next++;
            Expr right = precedence == Operator.TIMES.precedence ? unary() : expression(precedence + 1);
            left = new Expr.Binary(operator.get(), left, right);
            operator = operator().filter(found -> found.precedence == precedence);
        }
        return left;
    }

    private Optional<Operator> operator() {
        Token token = peek();
        if (token.kind != Kind.SYMBOL && token.kind != Kind.NAME) {
            return Optional.empty();
        }
        return Optional.ofNullable(switch (token.text) {
            case "or" -> Operator.OR;
            case "and" -> Operator.AND;
            case "=" -> Operator.EQUAL;
            case "!=" -> Operator.UNEQUAL;
            case "<" -> Operator.LESS;
            case "<=" -> Operator.AT_MOST;
            case ">" -> Operator.GREATER;
            case ">=" -> Operator.AT_LEAST;
            case "+" -> Operator.PLUS;
            case "-" -> Operator.MINUS;
            case "*" -> Operator.TIMES;
            case "div" -> Operator.DIVIDE;
            case "mod" -> Operator.MODULO;
            default -> null;
        });
    }

    private Expr unary() {
        if (!take("-")) {
            return union();
        }
        countOperator();
        return new Expr.Negated(unary());
    }

    private Expr union() {
        Expr first = path();
        if (!isNext("|")) {
            return first;
        }
        List<Expr> parts = new ArrayList<>(List.of(nodes(first)));
        while (take("|")) {
            parts.add(nodes(path()));
        }
        return new Expr.Union(List.copyOf(parts));
    }

    private Expr nodes(Expr expr) {
        if (expr.type() != Expr.Type.NODES) {
            throw failure("nodes are wanted before this", peek().at);
        }
        return expr;
    }

    private Expr path() {
        if (!isPrimary()) {
            return locationPath();
        }
        Expr primary = primary();
        List<Expr> predicates = predicates();
        Expr filtered = predicates.isEmpty() ? primary : new Expr.Filter(nodes(primary), predicates);
        if (!isNext("/") && !isNext("//")) {
            return filtered;
        }
        List<Step> steps = new ArrayList<>();
        moreSteps(steps);
        return new Expr.Path(Optional.of(nodes(filtered)), false, joined(steps));
    }

    private boolean isPrimary() {
        Token token = peek();
        return switch (token.kind) {
            case NUMBER, LITERAL -> true;
            case SYMBOL -> token.text.equals("(") || token.text.equals("$");
            case NAME -> isBehind("(") && !isNodeType(token.text);
            case END -> false;
        };
    }

    private static boolean isNodeType(String name) {
        return name.equals("node") || name.equals("text") || name.equals("comment")
                || name.equals("processing-instruction");
    }

    private Expr primary() {
        Token token = peek();
        next++;
        return switch (token.kind) {
            case NUMBER -> new Expr.Numeral(Double.parseDouble(token.text));
            case LITERAL -> new Expr.Literal(token.text);
            case NAME -> call(token);
            case SYMBOL, END -> {
                if (token.text.equals("$")) {
                    throw failure("there are no variables", token.at);
                }
                deeper();
                Expr inside = expression(Operator.OR.precedence);
                expect(")");
                depth--;
                yield inside;
            }
        };
    }

    private Expr call(Token name) {
        Function function = null;
        for (Function known : Function.values()) {
            function = known.title.equals(name.text) ? known : function;
        }
        if (function == null) {
            throw failure("there is no function " + name.text, name.at);
        }
        expect("(");
        deeper();
        List<Expr> arguments = new ArrayList<>();
        if (!isNext(")")) {
            do {
                int at = peek().at;
                Expr argument = expression(Operator.OR.precedence);
                if (function.takesNodes() && argument.type() != Expr.Type.NODES) {
                    throw failure(function.title + " takes nodes, which this is not", at);
                }
                arguments.add(argument);
            } while (take(","));
        }
        expect(")");
        depth--;
        if (arguments.size() < function.least || arguments.size() > function.most) {
            throw failure(function.title + " does not take " + arguments.size() + " arguments", name.at);
        }
        return new Expr.Call(function, List.copyOf(arguments));
    }

    private Expr locationPath() {
        List<Step> steps = new ArrayList<>();
        boolean isAbsolute = isNext("/") || isNext("//");
        if (isNext("//")) {
            moreSteps(steps);
        } else if (take("/")) {
            if (!isStep()) {
                return new Expr.Path(Optional.empty(), true, List.of());
            }
            steps.add(step());
            moreSteps(steps);
        } else {
            steps.add(step());
            moreSteps(steps);
        }
        return new Expr.Path(Optional.empty(), isAbsolute, joined(steps));
    }

    private boolean isStep() {
        Token token = peek();
        return token.kind == Kind.NAME
                || (token.kind == Kind.SYMBOL && List.of("*", "@", ".", "..").contains(token.text));
    }

    private void moreSteps(List<Step> steps) {
        while (isNext("/") || isNext("//")) {
            countOperator();
            if (take("//")) {
                steps.add(new Step(Axis.DESCENDANT_OR_SELF, new Test.AnyNode(), List.of()));
            } else {
                expect("/");
            }
            steps.add(step());
        }
    }

    /** A step to all nodes below and one to their children is one step, where no predicate counts. */
    private static List<Step> joined(List<Step> steps) {
        List<Step> joined = new ArrayList<>();
        for (Step step : steps) {
            boolean isBelow = !joined.isEmpty() && joined.getLast().axis() == Axis.DESCENDANT_OR_SELF
                    && joined.getLast().test() instanceof Test.AnyNode && joined.getLast().predicates().isEmpty();
            if (isBelow && step.axis() == Axis.CHILD && step.isUnordered()) {
                joined.removeLast();
                joined.add(new Step(Axis.DESCENDANT, step.test(), step.predicates()));
            } else {
                joined.add(step);
            }
        }
        return List.copyOf(joined);
    }

    private Step step() {
        if (take(".")) {
            return new Step(Axis.SELF, new Test.AnyNode(), List.of());
        }
        if (take("..")) {
            return new Step(Axis.PARENT, new Test.AnyNode(), List.of());
        }
        Axis axis = Axis.CHILD;
        if (take("@")) {
            axis = Axis.ATTRIBUTE;
        } else if (peek().kind == Kind.NAME && isBehind("::")) {
            axis = axis(peek());
            next += 2;
        }
        Test test = test();
        return new Step(axis, test, predicates());
    }

    private static Axis axis(Token name) {
        for (Axis axis : Axis.values()) {
            if (axis.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(name.text)) {
                return axis;
            }
        }
        throw failure("there is no axis " + name.text, name.at);
    }

    private Test test() {
        Token token = peek();
        if (take("*")) {
            return new Test.Prefixed("");
        }
        if (token.kind != Kind.NAME) {
            throw unexpected();
        }
        boolean isType = isNodeType(token.text) && isBehind("(");
        next++;
        if (!isType) {
            return token.text.endsWith("*") ? new Test.Prefixed(token.text.substring(0, token.text.length() - 1))
                    : new Test.Named(token.text);
        }
        expect("(");
        Optional<String> target = Optional.empty();
        if (token.text.equals("processing-instruction") && peek().kind == Kind.LITERAL) {
            target = Optional.of(peek().text);
            next++;
        }
        expect(")");
        return switch (token.text) {
            case "text" -> new Test.Text();
            case "comment" -> new Test.Comment();
            case "node" -> new Test.AnyNode();
            default -> new Test.Instruction(target);
        };
    }

    private List<Expr> predicates() {
        List<Expr> predicates = new ArrayList<>();
        while (take("[")) {
            countOperator();
            deeper();
            predicates.add(expression(Operator.OR.precedence));
            expect("]");
            depth--;
        }
        return List.copyOf(predicates);
    }
}
