package fanout.internal.parse;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.internal.codec.PageCharset;
import fanout.internal.codec.Sha256;
import fanout.internal.parse.FormDataSet.Entry;
import fanout.job.FormFill;
import fanout.job.SecretText;
import fanout.job.Secrets;
import fanout.page.Request;
import fanout.page.Request.Body;
import fanout.page.Request.Method;
import fanout.page.Request.References;
import fanout.url.CanonicalUrl;
import fanout.url.LinkBase;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * Submits a form of a page as the HTML Standard says (section 4.10.22.3): finds it and the button that is pressed, and
 * makes the request of its entry list, method, action and encoding. Constraints such as {@code required} are not
 * checked: a person could fill in what they ask for.
 *
 * <p>Where browsers agree on something else than the Standard, it is done as they do: a submit button of input without
 * a value sends its label, and {@code accept-charset} is divided by commas, too, and is that of the page if it names no
 * encoding, as {@code UNKNOWN} did in HTML 4.
 *
 * <p>Pages in UTF-16 send UTF-8. A character that the encoding lacks is sent as a decimal character reference.
 *
 * <p>Immutable and thread-safe. A call looks at the page under the current
 * {@link fanout.internal.limit.ParseTime}, which it must have.
 */
final class FormSubmission {

    private static final int MOST_CHARACTERS = 1 << 20;
    private static final int LONGEST_QUOTE = 100;
    /** Why a form with secrets is not sent by GET. */
    static final String SHOWS_SECRETS = "the form sends its fields in its URL, where a secret would be seen";
    private static final Pattern LINE_BREAK = Pattern.compile("\r\n|\r|\n");

    private final Query form;
    private final Optional<Query> submit;
    private final Map<String, List<String>> fields;
    private final Optional<List<String>> identity;
    /** To which the values of the fields refer, as a {@link SecretText} does; empty: they are what is sent. */
    private final Optional<Secrets> secrets;

    /**
     * A page with forms.
     *
     * @param base against which their actions are resolved
     * @param charset that the page is in
     */
    public record FormPage(Element document, CanonicalUrl url, LinkBase base, PageCharset charset) {

        /**
         * Returns a page with the base that its base element gives.
         *
         * @param maxUrlLength of a URL that may be asked for
         */
        public static FormPage of(Document document, CanonicalUrl url, PageCharset charset, int maxUrlLength) {
            LinkBase own = LinkBase.of(url, charset::query);
            Element base = document.selectFirst("base[href]");
            return new FormPage(document, url,
                    base == null ? own : own.rebased(base.attr("href"), maxUrlLength), charset);
        }
    }

    /** What comes of it. */
    public sealed interface Outcome {

        /**
         * A request.
         *
         * @param sent what is sent
         * @param isNofollow whether the form's rel attribute says so
         * @param lacking names of the job's identity that are those of no field, neither of the form nor of the job
         */
        record Submitted(CanonicalUrl url, Request.Details sent, boolean isNofollow, List<String> lacking)
                implements
                Outcome {

            public Submitted {
                lacking = List.copyOf(lacking);
            }

            /** Returns the details of the request. */
            public Request.Details details(int priority, Map<String, Object> data) {
                return new Request.Details(sent.method(), sent.headers(), sent.body(), priority, data, sent.identity(),
                        sent.references());
            }

            /** Returns the body; empty if the fields are in the URL. */
            public Optional<Body> body() {
                return sent.body();
            }

            /** Returns the request at depth 0, without a referrer. */
            public Request request() {
                return Request.start(url, Optional.empty()).with(details(0, Map.of()));
            }
        }

        /** The page does not have the form, or the button, or the button is disabled: so does a list end. */
        record Missing(String reason) implements Outcome {}

        /** The page has what is picked, and it cannot be submitted. */
        record Refused(String reason) implements Outcome {}
    }

    /** Says why a form cannot be submitted. */
    private static final class UnsubmittedException extends Exception {

        private static final long serialVersionUID = 1;

        private final boolean isMissing;

        private UnsubmittedException(String reason, boolean isMissing) {
            super(reason, null, false, false);
            this.isMissing = isMissing;
        }

        static UnsubmittedException missing(String reason) {
            return new UnsubmittedException(reason, true);
        }

        static UnsubmittedException refused(String reason) {
            return new UnsubmittedException(reason, false);
        }

        Outcome outcome() {
            String reason = Objects.requireNonNull(getMessage());
            return isMissing ? new Outcome.Missing(reason) : new Outcome.Refused(reason);
        }
    }

    /** Where and how the entries of a form are sent. */
    private record Target(Method method, CanonicalUrl action, Enctype enctype, EntryEncoder encoder) {

        /** A request. */
        private record Sent(CanonicalUrl url, Request.Details details) {}

        /** Returns the request without an identity. */
        Sent send(List<Entry> entries) throws UnsubmittedException {
            if (method == Method.POST) {
                Body body = enctype.body(entries, encoder);
                if (body.text().length() > MOST_CHARACTERS) {
                    throw UnsubmittedException.refused("the form has more than " + MOST_CHARACTERS + " characters");
                }
                References references = encoder.refers() ? enctype.references() : References.NONE;
                return new Sent(action, new Request.Details(method, Map.of(), Optional.of(body), 0, Map.of())
                        .with(references));
            }
            String spelt = action.toString();
            int query = spelt.indexOf('?');
            String url = (query < 0 ? spelt : spelt.substring(0, query)) + "?" + encoder.urlEncoded(entries);
            return new Sent(CanonicalUrl.of(url), Request.Details.NONE);
        }

        /** Returns the request, which a crawl knows by the entries that count. */
        Sent send(List<Entry> entries, List<Entry> counting) throws UnsubmittedException {
            Sent known = send(counting);
            String key = Sha256.hex(known.details.key(known.url.toString()).getBytes(UTF_8));
            Sent sent = send(entries);
            Request.Details details = sent.details;
            return new Sent(sent.url, new Request.Details(details.method(), details.headers(), details.body(), 0,
                    Map.of(), Optional.of(key), details.references()));
        }
    }

    private enum Enctype {
        URL_ENCODED, MULTIPART, PLAIN;

        static Enctype of(String attribute) {
            return switch (attribute.toLowerCase(Locale.ROOT)) {
                case "multipart/form-data" -> MULTIPART;
                case "text/plain" -> PLAIN;
                default -> URL_ENCODED;
            };
        }

        /** Returns how its bodies refer to secrets. */
        References references() {
            return this == URL_ENCODED ? References.IN_FORM : References.IN_TEXT;
        }

        Body body(List<Entry> entries, EntryEncoder encoder) {
            return switch (this) {
                case URL_ENCODED -> new Body("application/x-www-form-urlencoded", encoder.urlEncoded(entries));
                case MULTIPART -> multipart(entries, encoder);
                case PLAIN -> encoder.body("text/plain", entries.stream()
                        .map(entry -> encoder.octets(entry.name()) + "=" + encoder.octetsOfValue(entry) + "\r\n")
                        .collect(Collectors.joining()));
            };
        }

        /** The boundary is the hash of what it separates, which therefore does not contain it. */
        private static Body multipart(List<Entry> entries, EntryEncoder encoder) {
            ByteArrayOutputStream names = new ByteArrayOutputStream();
            for (Entry entry : entries) {
                names.writeBytes(encoder.charset.formBytes(entry.isFile() + "\0" + withBreaks(entry.name()) + "\0"
                        + withBreaks(entry.value()) + "\0"));
            }
            String boundary = "----fanout" + Sha256.hex(names.toByteArray()).substring(0, 40);
            StringBuilder out = new StringBuilder();
            for (Entry entry : entries) {
                String file = entry.isFile() ? "; filename=\"\"\r\nContent-Type: application/octet-stream" : "";
                String name = withBreaks(entry.name()).replace("\r", "%0D").replace("\n", "%0A").replace("\"", "%22");
                out.append("--" + boundary + "\r\nContent-Disposition: form-data; name=\"")
                        .append(encoder.octets(name))
                        .append("\"" + file + "\r\n\r\n")
                        .append(encoder.octetsOfValue(entry))
                        .append("\r\n");
            }
            return encoder.body("multipart/form-data; boundary=" + boundary, out + "--" + boundary + "--\r\n");
        }
    }

    /**
     * Encodes names and values for a body. What is encoded is a text of octets: each character is one byte.
     *
     * @param referring names of the fields whose values are texts of {@link SecretText}. If there are some, so is each
     *     text that comes of it; what the page says refers to nothing
     */
    private record EntryEncoder(PageCharset charset, Set<String> referring) {

        boolean refers() {
            return !referring.isEmpty();
        }

        private String octetsOfValue(Entry entry) {
            return referring.contains(entry.name()) ? new SecretText(entry.value()).with(this::octets)
                    : octets(entry.value());
        }

        private String octets(String text) {
            String octets = new String(charset.formBytes(withBreaks(text)), ISO_8859_1);
            return refers() ? SecretText.literal(octets) : octets;
        }

        private Body body(String contentType, String octets) {
            boolean isAscii = octets.chars().allMatch(c -> c < 0x80);
            boolean isUtf8 = charset.formName().equals(UTF_8.name());
            return isAscii || isUtf8 ? new Body(contentType, new String(octets.getBytes(ISO_8859_1), UTF_8))
                    : new Body(contentType, octets, true);
        }

        /** Returns the entries as the URL Standard encodes them (section 5.2). */
        private String urlEncoded(List<Entry> entries) {
            StringBuilder out = new StringBuilder();
            for (Entry entry : entries) {
                out.append(out.isEmpty() ? "" : "&").append(percentEncoded(entry.name())).append('=');
                out.append(referring.contains(entry.name()) ? new SecretText(entry.value()).with(this::percentEncoded)
                        : percentEncoded(entry.value()));
            }
            return out.toString();
        }

        /** Returns a text without dollar signs. */
        private String percentEncoded(String text) {
            StringBuilder out = new StringBuilder();
            for (byte each : charset.formBytes(withBreaks(text))) {
                boolean isPlain = (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z')
                        || (each >= '0' && each <= '9') || "*-._".indexOf(each) >= 0;
                if (each == ' ') {
                    out.append('+');
                } else if (isPlain) {
                    out.append((char) each);
                } else {
                    out.append('%')
                            .append(Character.toUpperCase(Character.forDigit((each >> 4) & 0xF, 16)))
                            .append(Character.toUpperCase(Character.forDigit(each & 0xF, 16)));
                }
            }
            return out.toString();
        }
    }

    /** A form that is known by what makes another URL or body, hidden fields that the job does not fill left out. */
    public FormSubmission(FormFill fill) {
        this(fill, Optional.empty(), Optional.empty());
    }

    /**
     * A form that is known by some of its fields.
     *
     * @param identity their names; empty: all but hidden ones that the job does not fill
     * @param secrets to which the values of the fields refer, as a {@link SecretText} does; empty: none
     */
    public FormSubmission(FormFill fill, Optional<List<String>> identity, Optional<Secrets> secrets) {
        this.form = Query.of(fill.form());
        this.submit = fill.submit().map(Query::of);
        this.fields = fill.fields();
        this.identity = identity.map(List::copyOf);
        this.secrets = secrets;
    }

    /**
     * Submits the form of a page, if it has one.
     *
     * @throws java.io.UncheckedIOException if the thread is interrupted or the deadline has passed
     */
    public Outcome in(FormPage page) {
        QueryScope scope = QueryScope.ofDocument(page.document());
        Optional<Element> found = elements(form, scope).findFirst();
        try {
            return found.isPresent() ? submitted(found.get(), page, scope)
                    : new Outcome.Missing(form.whyNothing(scope));
        } catch (UnsubmittedException e) {
            return e.outcome();
        }
    }

    private static Stream<Element> elements(Query query, QueryScope scope) {
        return query.in(scope).mapMulti((match, sink) -> {
            if (match instanceof Match.OfElement(Element element)) {
                sink.accept(element);
            }
        });
    }

    private Outcome submitted(Element found, FormPage page, QueryScope scope) throws UnsubmittedException {
        if (!found.normalName().equals("form")) {
            throw UnsubmittedException.refused("form picks the element " + found.normalName() + ", which is no form");
        }
        FormControls controls = FormControls.of(found, page.document())
                .orElseThrow(() -> UnsubmittedException.refused("the page has more than " + FormControls.MOST
                        + " controls of forms"));
        Optional<Element> button =
                submit.isPresent() ? Optional.of(pressed(submit.get(), controls, scope)) : controls.defaultButton();
        Target target = target(found, button, page);
        checkSecrets(target);
        List<Entry> entries = FormDataSet.of(controls, button, target.encoder.charset.formName(), fields);
        Predicate<Entry> counts = identity.<Predicate<Entry>>map(names -> entry -> names.contains(entry.name()))
                .orElse(entry -> !entry.isHidden());
        List<Entry> counting = entries.stream().filter(counts).toList();
        Target.Sent sent = identity.isEmpty() && counting.size() == entries.size() ? target.send(entries)
                : target.send(entries, counting);
        return new Outcome.Submitted(sent.url, sent.details, PageLinks.isNofollow(found.attr("rel")),
                lacking(controls));
    }

    /** A field that is disabled or not chosen is there, and may count in another page. */
    private List<String> lacking(FormControls controls) {
        return identity.orElse(List.of())
                .stream()
                .filter(name -> !fields.containsKey(name) && !controls.have(name))
                .toList();
    }

    /** A secret is put in when the form is sent, where its encoding is no longer known. */
    private void checkSecrets(Target target) throws UnsubmittedException {
        if (secrets.isEmpty()) {
            return;
        }
        if (target.method != Method.POST) {
            throw UnsubmittedException.refused(SHOWS_SECRETS);
        }
        String encoding = target.encoder.charset.formName();
        Set<String> names = fields.values()
                .stream()
                .flatMap(List::stream)
                .flatMap(value -> new SecretText(value).names().stream())
                .collect(Collectors.toSet());
        Optional<String> odd = encoding.equals(UTF_8.name()) ? Optional.empty() : secrets.get().notAscii(names);
        if (odd.isPresent()) {
            throw UnsubmittedException.refused("the form is sent in " + encoding + ", and the secret " + odd.get()
                    + " is not ASCII; send it by a request with form");
        }
    }

    private static Element pressed(Query submit, FormControls controls, QueryScope scope) throws UnsubmittedException {
        List<Element> picked = elements(submit, scope).limit(FormControls.MOST).toList();
        Optional<Element> button = picked.stream()
                .filter(element -> FormControls.isSubmitButton(element) && controls.has(element))
                .findFirst();
        if (button.isPresent()) {
            if (FormControls.isDisabled(button.get())) {
                throw UnsubmittedException.missing("submit picks a button that is disabled");
            }
            return button.get();
        }
        if (picked.isEmpty()) {
            throw UnsubmittedException.missing("submit: " + submit.whyNothing(scope));
        }
        Element first = picked.getFirst();
        throw UnsubmittedException
                .refused(FormControls.isSubmitButton(first) ? "submit picks a button of no or another form"
                        : "submit picks the element " + first.normalName() + ", which is no submit button");
    }

    /** What a button says counts more than what the form says. */
    private Target target(Element form, Optional<Element> button, FormPage page) throws UnsubmittedException {
        String method = attribute(form, "method", button, "formmethod").toLowerCase(Locale.ROOT);
        if (method.equals("dialog")) {
            throw UnsubmittedException.refused("its method is dialog, which sends nothing");
        }
        String action = attribute(form, "action", button, "formaction");
        CanonicalUrl url = action.isEmpty() ? page.url()
                : page.base()
                        .resolve(action)
                        .orElseThrow(() -> UnsubmittedException.refused("its action is not an http or https URL: "
                                + action.substring(0, Math.min(LONGEST_QUOTE, action.length()))));
        return new Target(method.equals("post") ? Method.POST : Method.GET, url,
                Enctype.of(attribute(form, "enctype", button, "formenctype")),
                new EntryEncoder(charset(form, page.charset()), secrets.isEmpty() ? Set.of() : fields.keySet()));
    }

    private static String attribute(Element form, String name, Optional<Element> button, String nameOfButton) {
        return button.filter(pressed -> pressed.hasAttr(nameOfButton))
                .map(pressed -> pressed.attr(nameOfButton))
                .orElseGet(() -> form.attr(name));
    }

    private static PageCharset charset(Element form, PageCharset page) {
        return Arrays.stream(form.attr("accept-charset").split("[ \t\n\f\r,]+"))
                .flatMap(label -> PageCharset.ofLabel(label).stream())
                .findFirst()
                .orElse(page);
    }

    /** Returns a text whose line breaks are CR LF. */
    private static String withBreaks(String text) {
        return LINE_BREAK.matcher(text).replaceAll("\r\n");
    }
}
