package fanout.internal.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import fanout.internal.codec.PageCharset;
import fanout.internal.limit.ParseStopped;
import fanout.internal.limit.ParseTime;
import fanout.internal.parse.FormSubmission.FormPage;
import fanout.internal.parse.FormSubmission.Outcome;
import fanout.internal.task.Deadline;
import fanout.internal.task.Ticker;
import fanout.job.FollowRule;
import fanout.job.FormFill;
import fanout.job.SecretText;
import fanout.job.Secrets;
import fanout.job.Selector;
import fanout.page.Link;
import fanout.page.Request;
import fanout.url.CanonicalUrl;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What jobs make of forms. {@link ChromiumFormsTest} has what forms are by themselves. */
class FormSubmissionTest {

    private static final CanonicalUrl PAGE = CanonicalUrl.of("http://example.org/dir/page?a=b");

    private static final String FORM = """
            <form action=find><input type=checkbox name=stock value=1 disabled><input name=q value=old>
            <select name=shelf><option>1<option>2</select><input name=q value=second>
            <input type=hidden name=token value=t1><button name=go>Go</button></form>""";

    private static Outcome submit(FormSubmission submission, String html, String charset) {
        FormPage page =
                FormPage.of(Jsoup.parse(html), PAGE, PageCharset.ofLabel(charset).orElseThrow(), 2_000);
        return new ParseTime(Deadline.after(Duration.ofMinutes(1), Ticker.system()))
                .within(() -> submission.in(page));
    }

    private static FormFill fill(String form, Map<String, List<String>> fields, String... submit) {
        return new FormFill(new Selector.Css(form), fields,
                Arrays.stream(submit).findFirst().map(Selector.Css::new));
    }

    private static Outcome.Submitted submitted(FormFill fill, String html) {
        return (Outcome.Submitted) submit(new FormSubmission(fill), html, "utf-8");
    }

    private static String query(Map<String, List<String>> fields) {
        return submitted(fill("form", fields), FORM).url().toString().replaceFirst(".*\\?", "");
    }

    @Test
    void aFieldReplacesAllThatTheFormSendsByItsName() {
        assertThat(query(Map.of())).isEqualTo("q=old&shelf=1&q=second&token=t1&go=");
        assertThat(query(Map.of("q", List.of("hose")))).isEqualTo("q=hose&shelf=1&token=t1&go=");
        assertThat(query(Map.of("q", List.of("a", "b")))).isEqualTo("q=a&q=b&shelf=1&token=t1&go=");
        assertThat(query(Map.of("shelf", List.of("9")))).as("no option of the menu")
                .isEqualTo("q=old&shelf=9&q=second&token=t1&go=");
        assertThat(query(Map.of("stock", List.of("1")))).as("where the disabled one stands")
                .isEqualTo("stock=1&q=old&shelf=1&q=second&token=t1&go=");
        assertThat(query(Map.of("go", List.of("pressed")))).isEqualTo("q=old&shelf=1&q=second&token=t1&go=pressed");
    }

    @Test
    void aFieldThatTheFormLacksIsAddedAtItsEnd() {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        fields.put("z", List.of("1"));
        fields.put("y", List.of("2", "3"));
        fields.put("x", List.of());
        assertThat(query(fields)).isEqualTo("q=old&shelf=1&q=second&token=t1&go=&z=1&y=2&y=3");
    }

    @Test
    void aFieldWithoutValuesSendsNothing() {
        assertThat(query(Map.of("q", List.of(), "go", List.of()))).isEqualTo("shelf=1&token=t1");
    }

    @Test
    void aFileIsReplacedByAText() {
        String form = "<form method=post enctype=multipart/form-data><input type=file name=f></form>";

        assertThat(submitted(fill("form", Map.of()), form).body().orElseThrow().text()).contains("filename=\"\"");
        assertThat(submitted(fill("form", Map.of("f", List.of("x"))), form).body().orElseThrow().text())
                .contains("name=\"f\"\r\n\r\nx\r\n")
                .doesNotContain("filename");
    }

    @Test
    void theFirstFormThatIsPickedCounts() {
        String two = "<form action=a class=x></form><form action=b class=y></form>";

        assertThat(submitted(fill("form", Map.of()), two).url()).hasToString("http://example.org/dir/a?");
        assertThat(submitted(fill(".y, .z", Map.of()), two).url()).hasToString("http://example.org/dir/b?");
    }

    /** A crawl runs no scripts, so what is for readers without them is there. */
    @Test
    void aControlForReadersWithoutScriptsIsSent() {
        assertThat(submitted(fill("form", Map.of()), "<form><noscript><input name=a value=1></noscript></form>").url())
                .hasToString("http://example.org/dir/page?a=1");
    }

    /** Chromium sends the controls in a datalist, and a direction without a name. */
    @Test
    void whereChromiumIsAloneTheStandardCounts() {
        assertThat(submitted(fill("form", Map.of()), "<form><datalist><input name=a value=1></datalist>"
                + "<input name=b value=2 dirname=''></form>").url()).hasToString("http://example.org/dir/page?b=2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            div            |             | form picks the element div, which is no form
            form#a         | input.text  | submit picks the element input, which is no submit button
            form#a         | .reset      | submit picks the element button, which is no submit button
            form#a         | .other      | submit picks a button of no or another form
            form#a         | .lost       | submit picks a button of no or another form
            form#dialog    |             | its method is dialog, which sends nothing
            form#script    |             | its action is not an http or https URL: javascript:go()
            form#mail      | .run        | its action is not an http or https URL: mailto:a@b
            """)
    void aFormThatCannotBeSubmittedSaysWhy(String form, String submit, String reason) {
        String html = """
                <div><form id=a><input class=text name=a><button class=reset type=reset>r</button>
                <button>b</button></form><button class=lost>l</button>
                <form id=other><button class=other>o</button></form><form id=dialog method=dialog></form>
                <form id=script action="javascript:go()"></form>
                <form id=mail action=a><button class=run formaction="mailto:a@b">r</button></form></div>""";
        FormFill fill = submit == null ? fill(form, Map.of()) : fill(form, Map.of(), submit);

        assertThat(submit(new FormSubmission(fill), html, "utf-8")).isEqualTo(new Outcome.Refused(reason));
    }

    @Test
    void aPageWithoutTheFormOrItsButtonSaysSo() {
        assertThat(submit(new FormSubmission(fill("form#search", Map.of())), FORM, "utf-8"))
                .isEqualTo(new Outcome.Missing("no match"));
        assertThat(submit(new FormSubmission(fill("form", Map.of(), ".next")), FORM, "utf-8"))
                .isEqualTo(new Outcome.Missing("submit: no match"));
        assertThat(submit(new FormSubmission(fill("form", Map.of(), "button")),
                FORM.replace("<button", "<button disabled"),
                "utf-8")).isEqualTo(new Outcome.Missing("submit picks a button that is disabled"));
    }

    @Test
    void aSelectorPicksAButtonOfTheForm() {
        String html = "<button class=go name=b value=0>b</button><form><button class=go name=b value=1>b</button>"
                + "<button class=go name=b value=2>b</button></form>";

        assertThat(submitted(fill("form", Map.of(), ".go"), html).url())
                .hasToString("http://example.org/dir/page?b=1");
    }

    @Test
    void aPageWithTooManyControlsIsRefused() {
        String many = "<form>" + "<input name=a>".repeat(10_000) + "</form>";

        assertThat(submit(new FormSubmission(fill("form", Map.of())), many, "utf-8"))
                .isInstanceOf(Outcome.Submitted.class);
        assertThat(submit(new FormSubmission(fill("form", Map.of())), many + "<input>", "utf-8"))
                .isEqualTo(new Outcome.Refused("the page has more than 10000 controls of forms"));
    }

    @Test
    void aFormThatIsTooLargeIsRefused() {
        String text = "x".repeat((1 << 20) - 2);
        String form = "<form method=post><textarea name=a>%s</textarea></form>";

        assertThat(submitted(fill("form", Map.of()), form.formatted(text)).body().orElseThrow().text())
                .hasSize(1 << 20);
        assertThat(submit(new FormSubmission(fill("form", Map.of())), form.formatted(text + "x"), "utf-8"))
                .isEqualTo(new Outcome.Refused("the form has more than 1048576 characters"));
    }

    @Test
    void anInterruptEndsASubmission() {
        FormSubmission submission = new FormSubmission(fill("form", Map.of()));
        String large = "<form>" + "<input name=a>".repeat(1_000) + "</form>";
        Thread.currentThread().interrupt();
        try {
            assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> submit(submission, large, "utf-8"))
                    .withCauseInstanceOf(ParseStopped.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    // --- identity ---

    private static Request.Details details(FormSubmission submission, String html) {
        return ((Outcome.Submitted) submit(submission, html, "utf-8")).details(0, Map.of());
    }

    private static String key(FormSubmission submission, String html) {
        Outcome.Submitted sent = (Outcome.Submitted) submit(submission, html, "utf-8");
        return sent.details(0, Map.of()).key(sent.url().toString());
    }

    @Test
    void aHiddenFieldMakesNoOtherRequest() {
        FormSubmission submission = new FormSubmission(fill("form", Map.of()));

        assertThat(key(submission, FORM)).isEqualTo(key(submission, FORM.replace("t1", "t2")))
                .isNotEqualTo(key(submission, FORM.replace("old", "new")))
                .isNotEqualTo(key(submission, FORM.replace("action=find", "action=other")))
                .isNotEqualTo(key(submission, FORM.replace("action=find", "action=find method=post")));
        assertThat(details(submission, FORM).identity()).isPresent();
    }

    @Test
    void aHiddenFieldThatTheJobFillsMakesAnotherRequest() {
        assertThat(key(new FormSubmission(fill("form", Map.of("token", List.of("a")))), FORM))
                .isNotEqualTo(key(new FormSubmission(fill("form", Map.of("token", List.of("b")))), FORM));
    }

    @Test
    void aFormWithoutHiddenFieldsIsKnownByItsUrl() {
        String plain = "<form action=find><input name=q value=hose></form>";
        FormSubmission submission = new FormSubmission(fill("form", Map.of()));

        assertThat(details(submission, plain).identity()).isEmpty();
        assertThat(key(submission, plain)).isEqualTo("http://example.org/dir/find?q=hose");
    }

    @Test
    void identityNamesTheFieldsThatCount() {
        FormSubmission tokens = new FormSubmission(fill("form", Map.of()), Optional.of(List.of("token", "none")),
                Optional.empty());

        assertThat(key(tokens, FORM)).isEqualTo(key(tokens, FORM.replace("old", "new")))
                .isNotEqualTo(key(tokens, FORM.replace("t1", "t2")));
        FormSubmission nothing = new FormSubmission(fill("form", Map.of()), Optional.of(List.of()), Optional.empty());
        assertThat(key(nothing, FORM)).isEqualTo(key(nothing, FORM.replace("old", "new").replace("t1", "t2")))
                .isNotEqualTo(key(nothing, FORM.replace("action=find", "action=other")));
    }

    @Test
    void aNameOfIdentityThatIsNoFieldIsSaid() {
        String form = FORM.replace("</form>", "<input type=image name=i><input dirname=d name=e disabled></form>");
        FormFill fill = fill("form", Map.of("extra", List.of("1")));
        FormSubmission submission = new FormSubmission(fill,
                Optional.of(List.of("q", "extra", "stock", "go", "i.x", "i.y", "d", "e", "i.z", "x", "Q")),
                Optional.empty());

        assertThat(((Outcome.Submitted) submit(submission, form, "utf-8")).lacking()).containsExactly("i.z", "x", "Q");
        assertThat(submitted(fill, form).lacking()).isEmpty();
    }

    @Test
    void aTokenInMultipartMakesNoOtherRequest() {
        String form = FORM.replace("action=find", "method=post enctype=multipart/form-data");
        FormSubmission submission = new FormSubmission(fill("form", Map.of()));

        assertThat(key(submission, form)).isEqualTo(key(submission, form.replace("t1", "t2")))
                .isNotEqualTo(key(submission, form.replace("old", "new")));
    }

    // --- bodies ---

    @Test
    void theBoundaryIsThatOfTheContent() {
        String form = "<form method=post enctype=multipart/form-data><input name=a value=1></form>";
        Request.Body body = submitted(fill("form", Map.of()), form).body().orElseThrow();
        String boundary = body.contentType().replaceFirst(".*=", "");

        assertThat(body).isEqualTo(submitted(fill("form", Map.of()), form).body().orElseThrow());
        assertThat(boundary).matches("----fanout[0-9a-f]{40}");
        assertThat(body.text()).startsWith("--" + boundary + "\r\n").endsWith("--" + boundary + "--\r\n");
        assertThat(submitted(fill("form", Map.of()), form.replace("=1", "=2")).body().orElseThrow().contentType())
                .isNotEqualTo(body.contentType());
    }

    @Test
    void aBodyInALegacyEncodingIsOctets() {
        String form = "<form method=post enctype=multipart/form-data><input name=a value=%s></form>";
        FormSubmission submission = new FormSubmission(fill("form", Map.of()));

        Request.Body legacy = details(submission, form.formatted("\u00fc"), "windows-1252");
        assertThat(legacy.isOctets()).isTrue();
        assertThat(legacy.bytes()).contains((byte) 0xFC).hasSize(legacy.text().length());
        assertThat(details(submission, form.formatted("u"), "windows-1252").isOctets()).isFalse();
        Request.Body utf8 = details(submission, form.formatted("\u00fc"), "utf-8");
        assertThat(utf8.isOctets()).isFalse();
        assertThat(utf8.text()).contains("\u00fc");
        assertThat(utf8.bytes()).hasSize(utf8.text().length() + 1);
        assertThatIllegalArgumentException().isThrownBy(() -> new Request.Body("text/plain", "\u0142", true))
                .withMessage("a text of octets has a character that is no byte");
    }

    private static Request.Body details(FormSubmission submission, String html, String charset) {
        return ((Outcome.Submitted) submit(submission, html, charset)).body().orElseThrow();
    }

    // --- secrets ---

    private static final Secrets SECRETS = Secrets.of(Map.of("KEY", "hush &=$\"", "ODD", "h\u00fcsh"));

    private static FormSubmission referring(String value) {
        return new FormSubmission(fill("form", Map.of("key", List.of(value))), Optional.empty(), Optional.of(SECRETS));
    }

    private static byte[] resolved(Request.Details details) {
        Request.Body body = details.body().orElseThrow();
        String text = new SecretText(body.text()).resolved(
                name -> Objects.requireNonNull(SECRETS.byName().get(name)).value(), details.references());
        return new Request.Body(body.contentType(), text, body.isOctets()).bytes();
    }

    /** What the page says, dollar signs and all, is what a form without references sends of it. */
    @ParameterizedTest
    @CsvSource({"application/x-www-form-urlencoded, utf-8", "multipart/form-data, utf-8", "text/plain, utf-8",
        "application/x-www-form-urlencoded, windows-1252", "multipart/form-data, windows-1252",
        "text/plain, windows-1252", "multipart/form-data, iso-2022-jp", "text/plain, iso-2022-jp"})
    void aSecretIsPutInAsIfTheJobHadWrittenItsValue(String enctype, String charset) {
        String form = "<form method=post enctype=" + enctype + "><input name=key><textarea name='a$${KEY}'>${KEY} $$ "
                + "\u00fc \u3042\n$</textarea></form>";
        FormFill plain = fill("form", Map.of("key", List.of("$ \n" + "hush &=$\"" + "\u00fc.")));

        Outcome.Submitted sent = (Outcome.Submitted) submit(referring("$$ \n${KEY}\u00fc."), form, charset);
        Outcome.Submitted written = (Outcome.Submitted) submit(new FormSubmission(plain), form, charset);

        Request.Details details = sent.details(0, Map.of());
        assertThat(details.body().orElseThrow().text()).contains("${KEY}").doesNotContain("hush");
        assertThat(new String(resolved(details), StandardCharsets.ISO_8859_1)
                .replaceAll("----fanout[0-9a-f]{40}", "----"))
                .isEqualTo(new String(written.body().orElseThrow().bytes(), StandardCharsets.ISO_8859_1)
                        .replaceAll("----fanout[0-9a-f]{40}", "----"));
    }

    @Test
    void aFormWithASecretIsKnownByTheNameOfIt() {
        String form = "<form method=post><input name=key><input type=hidden name=t value=1></form>";

        assertThat(key(referring("${KEY}"), form)).isEqualTo(key(referring("${KEY}"), form.replace("=1", "=2")))
                .isNotEqualTo(key(referring("${ODD}"), form));
        assertThat(details(referring("${KEY}"), form.replace("type=hidden", "")).identity()).isEmpty();
    }

    @Test
    void aFormThatWouldShowASecretIsNotSent() {
        String form = "<form method=%s><button>b</button><button formmethod=get class=get>g</button></form>";
        FormSubmission pressed = new FormSubmission(fill("form", Map.of("key", List.of("${KEY}")), ".get"),
                Optional.empty(), Optional.of(SECRETS));

        assertThat(submit(referring("${KEY}"), form.formatted("post"), "utf-8")).isInstanceOf(Outcome.Submitted.class);
        assertThat(List.of(submit(referring("${KEY}"), form.formatted("get"), "utf-8"),
                submit(pressed, form.formatted("post"), "utf-8"))).containsOnly(new Outcome.Refused(
                        "the form sends its fields in its URL, where a secret would be seen"));
    }

    @Test
    void aSecretThatTheFormsEncodingMayLackIsNotSent() {
        String form = "<form method=post><input name=key></form>";

        assertThat(submit(referring("${ODD}"), form, "utf-8")).isInstanceOf(Outcome.Submitted.class);
        assertThat(submit(referring("${ODD}"), form, "utf-16le")).as("sent in UTF-8")
                .isInstanceOf(Outcome.Submitted.class);
        assertThat(submit(referring("${KEY}${ODD}"), form, "windows-1252")).isEqualTo(new Outcome.Refused("the form "
                + "is sent in windows-1252, and the secret ODD is not ASCII; send it by a request with form"));
    }

    // --- as an entry of follow ---

    private static FollowRule rule(String form) {
        return new FollowRule(new FollowRule.Form(fill(form, Map.of()), Optional.empty()), Optional.of("list"), 3,
                List.of(), List.of(), List.of());
    }

    @Test
    void anEntrySubmitsTheFormOfEachPage() throws InterruptedException {
        List<Link> links = TestPages.parse(TestPages.job().follow(List.of(rule("form"))).build(),
                TestPages.html("<base href=/x/><form method=post action=a><input name=q value=1></form>")).links();

        assertThat(links).singleElement().satisfies(link -> {
            assertThat(link.url()).hasToString("http://example.org/x/a");
            assertThat(link.label()).contains("list");
            Request.Details details = link.details().orElseThrow();
            assertThat(details.method()).isEqualTo(Request.Method.POST);
            assertThat(details.priority()).isEqualTo(3);
            assertThat(details.body()).contains(new Request.Body("application/x-www-form-urlencoded", "q=1"));
        });
    }

    @Test
    void aFormThatSaysNofollowIsNotSubmitted() throws InterruptedException {
        RawPage page = TestPages.html("<form action=a rel='x nofollow'></form>");

        assertThat(TestPages.parse(TestPages.job().follow(List.of(rule("form"))).build(), page).links()).isEmpty();
        assertThat(TestPages.parse(TestPages.disobedientJob().follow(List.of(rule("form"))).build(), page).links())
                .hasSize(1);
    }
}
