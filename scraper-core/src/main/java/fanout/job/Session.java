package fanout.job;

import fanout.page.HeaderRule;
import fanout.page.Request.Method;
import fanout.url.CanonicalUrl;
import fanout.url.TextPattern;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How a crawl logs in, and by what it knows that it has to again. Immutable; its text shows none of what is sent.
 *
 * @param login the steps, in order
 * @param success all of it holds for the last page of a login; empty: it has a status of 2xx, and nothing that
 *     {@code expired.css} picks
 * @param origins to which the session's cookies and headers go; empty: the origins to which the steps are sent
 * @param headers sent to these origins; one with a secret, to those of them to which the secret goes
 * @param expired any of it holds for a response that is no page of the session
 * @param maxLogins consecutive logins without a served request between them
 */
public record Session(
        List<Step> login,
        Optional<Signs> success,
        List<CanonicalUrl> origins,
        Headers headers,
        Signs expired,
        int maxLogins) {

    /** How many logins may follow each other unless the job says otherwise. */
    public static final int MAX_LOGINS = 3;

    private static final int MOST_STEPS = 20;

    /** A request of the login. */
    public sealed interface Step {

        /** Returns the values that its page gives, for the steps behind it and the headers of the session. */
        List<Field> values();
    }

    /**
     * A request that the job writes down, with placeholders for values of the steps before it.
     *
     * @param request whose URL may be relative to the page before
     */
    public record Send(RequestTemplate request, List<Field> values) implements Step {
        public Send {
            values = List.copyOf(values);
        }
    }

    /**
     * A form of the page before that is filled in and sent.
     *
     * @param refersToSecrets whether the values of the fields refer to secrets, see
     *     {@link fanout.page.Request.References}
     */
    public record Submit(FormFill fill, boolean refersToSecrets, List<Field> values) implements Step {
        public Submit {
            values = List.copyOf(values);
        }
    }

    /**
     * Headers of a session.
     *
     * @param texts by the names of headers, whose case does not matter, with placeholders for values of the steps
     * @param referToSecrets whether the texts refer to secrets, see {@link fanout.page.Request.References}
     */
    public record Headers(Map<String, String> texts, boolean referToSecrets) {
        public Headers {
            TreeMap<String, String> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            sorted.putAll(texts);
            texts = Collections.unmodifiableMap(sorted);
        }

        /** Returns the placeholders of one of them. */
        private Set<String> placeholders(String text) {
            return TemplateText.of(text, referToSecrets).names().collect(Collectors.toSet());
        }
    }

    /**
     * By what a response is known.
     *
     * @param statuses that it may have; empty if the status says nothing
     * @param css picks something in it; of the pages that are parsed only
     * @param url found in its URL
     */
    public record Signs(Set<Integer> statuses, Optional<Selector> css, Optional<TextPattern> url) {

        /** Says nothing of any response. */
        public static final Signs NONE = new Signs(Set.of(), Optional.empty(), Optional.empty());

        public Signs {
            statuses = Set.copyOf(statuses);
            statuses.forEach(status -> Require.between(status, 100, 599, "session.status"));
            Require.check(css.isEmpty() || css.get() instanceof Selector.Css, "session.css", "must be a CSS selector");
        }
    }

    public Session {
        login = List.copyOf(login);
        origins = List.copyOf(origins);
        Require.check(!login.isEmpty(), "session.login", "needs at least one step, as in {url: /login}");
        Require.check(login.size() <= MOST_STEPS, "session.login", "has more than " + MOST_STEPS + " steps");
        Require.between(maxLogins, 1, 1_000, "session.maxLogins");
        checkFirst(login.getFirst());
        checkNames(login, headers);
        headers.texts.forEach((name, value) -> {
            HeaderRule.check(name, value, "session.headers." + name);
            Require.check(!name.equalsIgnoreCase("Cookie") && !name.equalsIgnoreCase("User-Agent"),
                    "session.headers." + name, "is set by the program");
        });
    }

    /** A session whose headers refer to no secret. */
    public Session(List<Step> login, Optional<Signs> success, List<CanonicalUrl> origins, Map<String, String> headers,
            Signs expired, int maxLogins) {
        this(login, success, origins, new Headers(headers, false), expired, maxLogins);
    }

    private static void checkFirst(Step first) {
        switch (first) {
            case Send(RequestTemplate request, List<Field> _) -> Require.check(
                    TemplateText.of(request.url()).names().findAny().isEmpty()
                            && CanonicalUrl.parse(literal(request.url())).isPresent(),
                    "session.login",
                    "must begin with an absolute URL, as in {url: \"https://example.org/login\"}");
            case Submit _ -> throw new IllegalArgumentException("session.login must begin with a URL: a form is one of "
                    + "the page before");
        }
    }

    /** Each placeholder is a value of a step before. */
    private static void checkNames(List<Step> login, Headers headers) {
        Set<String> known = new HashSet<>();
        for (Step step : login) {
            switch (step) {
                case Send(RequestTemplate request, List<Field> _) -> checkKnown(request.names(), known, "login");
                case Submit _ -> {} // its fields are sent as they are
            }
            for (Field value : step.values()) {
                Require.check(known.add(value.name()), "session.login", "has the value " + value.name() + " twice");
            }
        }
        headers.texts.forEach((name, value) -> checkKnown(headers.placeholders(value), known, "headers." + name));
    }

    private static void checkKnown(Set<String> names, Set<String> known, String key) {
        Set<String> unknown = new HashSet<>(names);
        unknown.removeAll(known);
        Require.check(unknown.isEmpty(), "session." + key,
                "has placeholders that are no values of a step before: " + unknown);
    }

    /** Returns where the login begins. */
    public CanonicalUrl firstUrl() {
        return switch (login.getFirst()) {
            case Send(RequestTemplate request, List<Field> _) -> CanonicalUrl.of(literal(request.url()));
            case Submit _ -> throw new IllegalStateException("a login begins with a URL");
        };
    }

    private static String literal(String url) {
        return TemplateText.of(url)
                .parts()
                .stream()
                .map(part -> part instanceof TemplateText.Part.Literal(String text) ? text : "")
                .collect(Collectors.joining());
    }

    /** Returns what a message says of a step: its place and kind, and no value. */
    public String named(int step) {
        String what = switch (login.get(step)) {
            case Send(RequestTemplate request, List<Field> _) ->
                    (request.method() == Method.GET ? "url " : request.method() + " ") + request.url();
            case Submit(FormFill fill, boolean _, List<Field> _) -> "form " + fill.form().expression();
        };
        return "step " + (step + 1) + " of session.login (" + what + ")";
    }

    @Override
    public String toString() {
        return "Session[login of " + login.size() + " steps, origins=" + origins + ", headers=" + headers.texts.keySet()
                + "]";
    }
}
