package fanout.internal.markup;

import java.util.List;
import java.util.Optional;

/** The syntax tree of an expression. Immutable. */
sealed interface Expr {

    /** What an expression evaluates to, which XPath 1.0 knows beforehand. */
    enum Type {
        NUMBER, STRING, BOOLEAN, NODES
    }

    Type type();

    /** Whether it asks, in its own context, for the number of nodes that the context has. */
    boolean usesLast();

    /** Whether it asks, in its own context, for the context's position or number of nodes. */
    boolean usesPosition();

    record Numeral(double value) implements Expr {
        @Override
        public Type type() {
            return Type.NUMBER;
        }

        @Override
        public boolean usesLast() {
            return false;
        }

        @Override
        public boolean usesPosition() {
            return false;
        }
    }

    record Literal(String text) implements Expr {
        @Override
        public Type type() {
            return Type.STRING;
        }

        @Override
        public boolean usesLast() {
            return false;
        }

        @Override
        public boolean usesPosition() {
            return false;
        }
    }

    /** Operators between two expressions. */
    enum Operator {
        OR(1), AND(2), EQUAL(3), UNEQUAL(3), LESS(4), AT_MOST(4), GREATER(4), AT_LEAST(4), PLUS(5), MINUS(5), TIMES(6),
        DIVIDE(6), MODULO(6);

        final int precedence;

        Operator(int precedence) {
            this.precedence = precedence;
        }
    }

    record Binary(Operator operator, Expr left, Expr right) implements Expr {
        @Override
        public Type type() {
            return operator.precedence < Operator.PLUS.precedence ? Type.BOOLEAN : Type.NUMBER;
        }

        @Override
        public boolean usesLast() {
            return left.usesLast() || right.usesLast();
        }

        @Override
        public boolean usesPosition() {
            return left.usesPosition() || right.usesPosition();
        }
    }

    record Negated(Expr operand) implements Expr {
        @Override
        public Type type() {
            return Type.NUMBER;
        }

        @Override
        public boolean usesLast() {
            return operand.usesLast();
        }

        @Override
        public boolean usesPosition() {
            return operand.usesPosition();
        }
    }

    record Union(List<Expr> parts) implements Expr {
        @Override
        public Type type() {
            return Type.NODES;
        }

        @Override
        public boolean usesLast() {
            return parts.stream().anyMatch(Expr::usesLast);
        }

        @Override
        public boolean usesPosition() {
            return parts.stream().anyMatch(Expr::usesPosition);
        }
    }

    record Call(Function function, List<Expr> arguments) implements Expr {
        @Override
        public Type type() {
            return function.type;
        }

        @Override
        public boolean usesLast() {
            return function == Function.LAST || arguments.stream().anyMatch(Expr::usesLast);
        }

        @Override
        public boolean usesPosition() {
            return function == Function.LAST || function == Function.POSITION
                    || arguments.stream().anyMatch(Expr::usesPosition);
        }
    }

    /** An expression in parentheses with predicates, which count in document order. */
    record Filter(Expr base, List<Expr> predicates) implements Expr {
        @Override
        public Type type() {
            return Type.NODES;
        }

        @Override
        public boolean usesLast() {
            return base.usesLast();
        }

        @Override
        public boolean usesPosition() {
            return base.usesPosition();
        }
    }

    /**
     * Steps from somewhere.
     *
     * @param start where from; empty: from the root if it is absolute, otherwise from the context's node
     */
    record Path(Optional<Expr> start, boolean isAbsolute, List<Step> steps) implements Expr {
        @Override
        public Type type() {
            return Type.NODES;
        }

        @Override
        public boolean usesLast() {
            return start.map(Expr::usesLast).orElse(false);
        }

        @Override
        public boolean usesPosition() {
            return start.map(Expr::usesPosition).orElse(false);
        }
    }

    /** One step of a path. */
    record Step(Axis axis, Test test, List<Expr> predicates) {

        /** Whether each predicate can be decided without knowing how many nodes there are. */
        boolean isStreamed() {
            return predicates.stream().noneMatch(Expr::usesLast);
        }

        /** Whether no predicate asks for a position. */
        boolean isUnordered() {
            return predicates.stream()
                    .noneMatch(predicate -> predicate.type() == Type.NUMBER || predicate.usesPosition());
        }
    }

    /** Where a step goes. Forward axes go in document order, the others against it. */
    enum Axis {
        CHILD(true), DESCENDANT(true), DESCENDANT_OR_SELF(true), SELF(true), ATTRIBUTE(true), FOLLOWING_SIBLING(true),
        FOLLOWING(true), NAMESPACE(true), PARENT(false), ANCESTOR(false), ANCESTOR_OR_SELF(false),
        PRECEDING_SIBLING(false), PRECEDING(false);

        final boolean isForward;

        Axis(boolean isForward) {
            this.isForward = isForward;
        }

        /** Whether two nodes may lead to the same node. */
        boolean overlaps() {
            return this != CHILD && this != SELF && this != ATTRIBUTE;
        }
    }

    /** What a step takes of the nodes on its axis. */
    sealed interface Test {

        /** An element or attribute of this name, as it is written in the page: {@code media:content} is one name. */
        record Named(String name) implements Test {}

        /** Elements or attributes whose name begins so; any if it is empty. */
        record Prefixed(String prefix) implements Test {}

        record AnyNode() implements Test {}

        record Text() implements Test {}

        record Comment() implements Test {}

        /** A processing instruction, of this target if one is given. */
        record Instruction(Optional<String> target) implements Test {}
    }

    /** The core functions. */
    enum Function {
        LAST("last", Type.NUMBER, 0, 0), POSITION("position", Type.NUMBER, 0, 0), COUNT("count", Type.NUMBER, 1, 1),
        ID("id", Type.NODES, 1, 1), LOCAL_NAME("local-name", Type.STRING, 0, 1),
        NAMESPACE_URI("namespace-uri", Type.STRING, 0, 1), NAME("name", Type.STRING, 0, 1),
        STRING("string", Type.STRING, 0, 1), CONCAT("concat", Type.STRING, 2, Integer.MAX_VALUE),
        STARTS_WITH("starts-with", Type.BOOLEAN, 2, 2), CONTAINS("contains", Type.BOOLEAN, 2, 2),
        SUBSTRING_BEFORE("substring-before", Type.STRING, 2, 2), SUBSTRING_AFTER("substring-after", Type.STRING, 2, 2),
        SUBSTRING("substring", Type.STRING, 2, 3), STRING_LENGTH("string-length", Type.NUMBER, 0, 1),
        NORMALIZE_SPACE("normalize-space", Type.STRING, 0, 1), TRANSLATE("translate", Type.STRING, 3, 3),
        BOOLEAN("boolean", Type.BOOLEAN, 1, 1), NOT("not", Type.BOOLEAN, 1, 1), TRUE("true", Type.BOOLEAN, 0, 0),
        FALSE("false", Type.BOOLEAN, 0, 0), LANG("lang", Type.BOOLEAN, 1, 1), NUMBER("number", Type.NUMBER, 0, 1),
        SUM("sum", Type.NUMBER, 1, 1), FLOOR("floor", Type.NUMBER, 1, 1), CEILING("ceiling", Type.NUMBER, 1, 1),
        ROUND("round", Type.NUMBER, 1, 1);

        final String title;
        final Type type;
        final int least;
        final int most;

        Function(String title, Type type, int least, int most) {
            this.title = title;
            this.type = type;
            this.least = least;
            this.most = most;
        }

        /** Whether an argument must be nodes, because nothing converts to them. */
        boolean takesNodes() {
            return switch (this) {
                case COUNT, SUM, LOCAL_NAME, NAMESPACE_URI, NAME -> true;
                default -> false;
            };
        }
    }
}
