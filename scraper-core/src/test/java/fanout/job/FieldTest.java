package fanout.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import fanout.job.Field.Constant;
import fanout.job.Field.Nested;
import fanout.job.Field.OfPage;
import fanout.job.Field.Selected;
import fanout.job.Selector.Css;
import fanout.job.Selector.Json;
import fanout.job.Selector.XPath;
import fanout.url.TextPattern;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FieldTest {

    private static final Css H1 = new Css("h1");
    private static final Json NAME = new Json("/name");
    private static final Reading MARKUP = reading(Reading.Type.HTML);

    private static Reading reading(Reading.Type type) {
        return new Reading(type, Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static Field field(String name, Field.Source source) {
        return new Field(name, source, false);
    }

    private static Nested object(Field... fields) {
        return new Nested(Optional.empty(), List.of(fields));
    }

    private static ExtractRule rule(Optional<Selector> each, Field... fields) {
        return new ExtractRule("rule", Optional.empty(), Optional.empty(), each, List.of(fields));
    }

    @Test
    void aBuilderSetsEachPart() {
        TextPattern regex = TextPattern.of("[0-9]+");
        assertThat(Field.select("price", H1)
                .attr("content")
                .regex(regex)
                .type(Reading.Type.NUMBER)
                .decimal(DecimalMark.COMMA)
                .list()
                .required()
                .build()).isEqualTo(new Field("price",
                        new Selected(H1, Optional.of("content"),
                                new Reading(Reading.Type.NUMBER, Optional.of(regex), Optional.of(DecimalMark.COMMA),
                                        Optional.empty()),
                                true),
                        true));
        Optional<DatePattern> date = Optional.of(new DatePattern("d.M.yyyy", Optional.empty()));
        assertThat(Field.select("day", NAME).type(Reading.Type.DATE).date(date.orElseThrow()).build())
                .isEqualTo(new Field("day",
                        new Selected(NAME, Optional.empty(),
                                new Reading(Reading.Type.DATE, Optional.empty(), Optional.empty(), date), false),
                        false));
        assertThat(Field.select("text", H1).build())
                .isEqualTo(field("text", new Selected(H1, Optional.empty(), Reading.TEXT, false)));
    }

    @Test
    void namesAreGivenOnceAndAreTheUsers() {
        Field title = Field.select("title", H1).build();
        refused("extract.fields has a field without a name", () -> field(" ", new Constant("x")));
        refused("extract.fields._url is written by the program itself", () -> field("_url", new Constant("x")));
        refused("extract.fields._rule is written by the program itself", () -> field("_rule", new Constant("x")));
        refused("extract.fields has title twice", () -> rule(Optional.empty(), title, title));
        refused("extract.fields needs at least one field", () -> rule(Optional.empty()));
        refused("extract.fields needs at least one field", FieldTest::object);
        refused("extract.name must not be blank", () -> new ExtractRule(" ", Optional.empty(), Optional.empty(),
                Optional.empty(), List.of(title)));
        refused("follow.attr must not be blank", () -> new FollowRule(H1, " ", Optional.empty()));
        assertThat(rule(Optional.empty(), title).fields()).containsExactly(title);
    }

    @Test
    void markupIsThatOfElements() {
        for (Selector selector : List.of(H1, new XPath("//h1"))) {
            assertThatCode(() -> new Selected(selector, Optional.empty(), MARKUP, false)).doesNotThrowAnyException();
        }
        assertThatCode(() -> new Selected(NAME, Optional.empty(), Reading.TEXT, false)).doesNotThrowAnyException();
        refused("type html goes with css and xpath only", () -> new Selected(NAME, Optional.empty(), MARKUP, false));
        refused("type html goes with css and xpath only", () -> new OfPage(Field.Fact.URL, MARKUP));
        for (Reading.Type type : List.of(Reading.Type.TEXT, Reading.Type.MARKDOWN)) {
            refused("type " + type.name().toLowerCase(Locale.ROOT) + " goes with css and xpath only",
                    () -> Field.select("a", NAME).type(type).build());
        }
        assertThatCode(() -> new OfPage(Field.Fact.URL, Reading.TEXT)).doesNotThrowAnyException();
        refused("attr must not be blank", () -> new Selected(H1, Optional.of(" "), Reading.TEXT, false));
    }

    @Test
    void constantsAreScalars() {
        for (Object scalar : List.of("x", true, 1, 1L, BigInteger.ONE, BigDecimal.ONE)) {
            assertThatCode(() -> new Constant(scalar)).doesNotThrowAnyException();
        }
        for (Object other : List.of(List.of(), 1.5, 'x')) {
            refused("value must be text, a number, true or false", () -> new Constant(other));
        }
    }

    @Test
    void whatEveryPageHasSaysNothingOfThisOne() {
        Field constant = field("a", new Constant(1));
        Field fact = field("b", new OfPage(Field.Fact.URL, Reading.TEXT));
        Field found = Field.select("c", H1).build();

        assertThat(constant.source().isOnEveryPage()).isTrue();
        assertThat(fact.source().isOnEveryPage()).isTrue();
        assertThat(found.source().isOnEveryPage()).isFalse();
        assertThat(object(constant, fact).isOnEveryPage()).isTrue();
        assertThat(object(constant, found).isOnEveryPage()).isFalse();
        assertThat(new Nested(Optional.of(H1), List.of(constant)).isOnEveryPage()).isFalse();
    }

    @Test
    void objectsAreFiveDeepAndNoMore() {
        Field.Source source = new Constant(1);
        for (int depth = 1; depth <= 5; depth++) {
            source = object(field("flat", new Constant(0)), field("o", source));
        }
        Field deepest = field("five", source);
        assertThatCode(() -> rule(Optional.empty(), deepest)).doesNotThrowAnyException();
        refused("extract.fields has objects more than 5 deep",
                () -> rule(Optional.empty(), field("six", object(deepest))));
    }

    @Test
    void insideJsonThereAreNoElements() {
        Field title = Field.select("title", H1).build();
        Field name = Field.select("name", NAME).build();
        Field constant = field("c", new Constant(1));
        String complaint = "extract.fields.title selects an element, but each takes JSON";

        assertThatCode(() -> rule(Optional.of(NAME), name, constant, field("o", object(name))))
                .doesNotThrowAnyException();
        assertThatCode(() -> rule(Optional.of(H1), title, name, field("o", object(title)))).doesNotThrowAnyException();
        refused(complaint, () -> rule(Optional.of(NAME), title));
        refused(complaint, () -> rule(Optional.of(NAME), field("o", object(title))));
        refused(complaint, () -> rule(Optional.of(NAME),
                field("o", new Nested(Optional.of(new Json("/offers")), List.of(title)))));
        refused(complaint, () -> rule(Optional.empty(), field("o", new Nested(Optional.of(NAME), List.of(title)))));
        refused("extract.fields.o selects an element",
                () -> rule(Optional.of(NAME), field("o", new Nested(Optional.of(H1), List.of(name)))));
        Field written = Field.select("written", new Json("/a", Optional.empty(), Optional.of(new Css("b")))).build();
        refused("extract.fields.written selects an element, but each takes JSON, which holds no elements; use json "
                + "without in", () -> rule(Optional.of(NAME), written));
    }

    @Test
    void aJobLooksIntoJsonIfAnyRuleDoes() {
        Field title = Field.select("title", H1).build();
        Field name = Field.select("name", NAME).build();

        assertThat(extracts(rule(Optional.empty(), title)).jsonReadings()).isZero();
        assertThat(extracts(rule(Optional.empty(), title, field("o", object(title)))).jsonReadings()).isZero();
        assertThat(extracts(rule(Optional.empty(), title, name)).jsonReadings()).isOne();
        assertThat(extracts(rule(Optional.empty(), title, field("o", object(title, name)))).jsonReadings()).isOne();
        assertThat(extracts(rule(Optional.empty(), title,
                field("o", new Nested(Optional.of(NAME), List.of(field("c", new Constant(1)))))))
                .jsonReadings()).isOne();
        assertThat(extracts(rule(Optional.of(NAME), field("c", new Constant(1)))).jsonReadings()).isOne();
        assertThat(extracts(rule(Optional.of(H1), field("c", new Constant(1)))).jsonReadings()).isZero();
        assertThat(follows(new FollowRule(H1, "href", Optional.empty())).jsonReadings()).isZero();
        assertThat(follows(new FollowRule(NAME, "href", Optional.empty())).jsonReadings()).isOne();
        assertThat(Parsing.DEFAULT.jsonReadings()).isZero();
        assertThat(new Parsing(List.of("TEXT/HTML"), Optional.empty(), Optional.empty(), List.of()).contentTypes())
                .containsExactly("text/html");
    }

    private static Parsing extracts(ExtractRule rule) {
        return new Parsing(List.of(), Optional.empty(), Optional.empty(), List.of(rule));
    }

    private static Parsing follows(FollowRule rule) {
        return new Parsing(List.of(), Optional.empty(), Optional.of(List.of(rule)), List.of());
    }

    @ParameterizedTest
    @EnumSource(Reading.Type.class)
    void decimalMarksGoWithNumbersAndPatternsWithDates(Reading.Type type) {
        Optional<DecimalMark> comma = Optional.of(DecimalMark.COMMA);
        Optional<DatePattern> day = Optional.of(new DatePattern("d.M.yyyy", Optional.empty()));
        if (type == Reading.Type.NUMBER || type == Reading.Type.INTEGER) {
            assertThatCode(() -> new Reading(type, Optional.empty(), comma, Optional.empty()))
                    .doesNotThrowAnyException();
        } else {
            refused("decimal goes with type number or integer only",
                    () -> new Reading(type, Optional.empty(), comma, Optional.empty()));
        }
        if (type == Reading.Type.DATE) {
            assertThatCode(() -> new Reading(type, Optional.empty(), Optional.empty(), day)).doesNotThrowAnyException();
        } else {
            refused("format goes with type date only",
                    () -> new Reading(type, Optional.empty(), Optional.empty(), day));
        }
    }

    @Test
    void theOtherMarkGroups() {
        assertThat(DecimalMark.POINT.character()).isEqualTo('.');
        assertThat(DecimalMark.POINT.other()).isSameAs(DecimalMark.COMMA);
        assertThat(DecimalMark.COMMA.character()).isEqualTo(',');
        assertThat(DecimalMark.COMMA.other()).isSameAs(DecimalMark.POINT);
    }

    private static void refused(String message, Runnable making) {
        assertThatIllegalArgumentException().isThrownBy(making::run).withMessageStartingWith(message);
    }
}
