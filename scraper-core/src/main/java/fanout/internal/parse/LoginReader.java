package fanout.internal.parse;

import fanout.internal.limit.ParseTime;
import fanout.internal.parse.FormSubmission.FormPage;
import fanout.internal.parse.FormSubmission.Outcome;
import fanout.internal.task.StageListener;
import fanout.job.CrawlJob;
import fanout.job.Field;
import fanout.job.FormFill;
import fanout.job.RequestTemplate;
import fanout.job.SecretRules;
import fanout.job.SecretText;
import fanout.job.Session;
import fanout.job.TemplateText;
import fanout.job.TemplateText.Part;
import fanout.outcome.Failure;
import fanout.page.HeaderRule;
import fanout.page.Request;
import fanout.page.Request.References;
import fanout.url.CanonicalUrl;
import fanout.url.LinkBase;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the pages of a login: the values that a step gives, the request of the next step, and whether the last page is
 * that of a session. Thread-safe and immutable.
 */
public final class LoginReader {

    private final Session session;
    private final PageParser parser;
    private final int maxUrlLength;
    private final List<ObjectReader> values;
    private final Optional<Query> successful;
    private final Optional<Query> expired;
    private final SecretRules secrets;

    /** What a page says. */
    public sealed interface Answer {

        /**
         * The login continues.
         *
         * @param values of this step and of those before
         */
        record Next(Request request, Map<String, Object> values) implements Answer {}

        /** The login is done. */
        record Done(Map<String, String> headers) implements Answer {}

        /**
         * The page is not what the job expects, which is said without a value.
         *
         * @param step that fails: the one that has ended, or the next, which cannot be sent
         */
        record Missing(int step, String why) implements Answer {}

        /** The page could not be read. */
        record Unread(Failure failure) implements Answer {}
    }

    public LoginReader(CrawlJob job, Session session, PageParser parser) {
        this.session = session;
        this.parser = parser;
        this.maxUrlLength = job.limits().maxUrlLength();
        this.values = session.login().stream().map(step -> new ObjectReader(step.values())).toList();
        this.successful = session.success().flatMap(Session.Signs::css).map(Query::of);
        this.secrets = new SecretRules(job.start(), job.parsing(), job.session(), job.http().secrets());
        this.expired = session.success().isPresent() ? Optional.empty() : session.expired().css().map(Query::of);
    }

    /** Returns the request of the first step. */
    public Request first() {
        return switch (session.login().getFirst()) {
            case Session.Send(RequestTemplate request, List<Field> _) ->
                    Request.start(session.firstUrl(), Optional.empty())
                            .with(new TemplateRequest(request, Map.of()).details(0, Map.of()));
            case Session.Submit _ -> throw new IllegalStateException("a login begins with a URL");
        };
    }

    /** Returns whether a step may end with this status. */
    public boolean accepts(int step, int status) {
        boolean isLast = step == session.login().size() - 1;
        return session.success()
                .filter(signs -> isLast && !signs.statuses().isEmpty())
                .map(signs -> signs.statuses().contains(status))
                .orElse(status >= 200 && status <= 299);
    }

    /**
     * Reads the page with which a step has ended, whose status is {@linkplain #accepts accepted}.
     *
     * @param known values of the steps before
     * @throws InterruptedException if the thread is interrupted before the end
     */
    public Answer read(RawPage page, int step, Map<String, Object> known, StageListener listener)
            throws InterruptedException {
        boolean isLast = step == session.login().size() - 1;
        boolean isLookedAt = !session.login().get(step).values().isEmpty()
                || (isLast ? successful.isPresent() || expired.isPresent() : page.body().length > 0);
        if (!isLookedAt) {
            return isLast ? last(page, Optional.empty(), known)
                    : next(step, LinkBase.of(page.request().url()), Optional.empty(), known);
        }
        return parser.readTree(page, listener, (content, time) -> read(content, step, known, time), Answer.Unread::new);
    }

    private Answer read(PageContent content, int step, Map<String, Object> known, ParseTime time) {
        RawPage page = content.raw();
        LinkBase own = LinkBase.of(page.request().url(), content.charset()::query);
        LinkBase base = content.links().baseHref().map(href -> own.rebased(href, maxUrlLength)).orElse(own);
        Map<String, Object> all = new LinkedHashMap<>(known);
        Optional<String> missing =
                read(content, new PageFacts(page, base, content.title(), content.charset()), step, all, time);
        if (missing.isPresent()) {
            return new Answer.Missing(step, missing.get());
        }
        return step == session.login().size() - 1
                ? last(page, Optional.of(content), all)
                : next(step, base, Optional.of(content), all);
    }

    /** Adds the values of a step, or returns which is missing. */
    private Optional<String> read(PageContent content, PageFacts facts, int step, Map<String, Object> all,
            ParseTime time) {
        List<Field> fields = session.login().get(step).values();
        Map<String, String> missing = new LinkedHashMap<>();
        Visit visit = new Visit(facts, new ItemBudget(content.raw().body().length, time),
                (name, miss) -> missing.putIfAbsent(name, miss.what()));
        ObjectReader.Found found = values.get(step).read(content.scope(), visit, "");
        for (Field field : fields) {
            Object value = found.values().get(field.name());
            if (value == null || Texts.saysNothing(value)) {
                return Optional.of("values." + field.name() + ": "
                        + missing.getOrDefault(field.name(), "the text is empty"));
            }
            all.put(field.name(), value);
        }
        return Optional.empty();
    }

    /** @param content empty if the page with which the step before has ended has none */
    private Answer next(int step, LinkBase base, Optional<PageContent> content, Map<String, Object> known) {
        return switch (session.login().get(step + 1)) {
            case Session.Send(RequestTemplate template, List<Field> _) -> {
                TemplateRequest request = new TemplateRequest(template, known);
                Optional<CanonicalUrl> url = base.resolve(request.href());
                if (url.isEmpty() || url.get().length() > maxUrlLength) {
                    yield new Answer.Missing(step + 1, "its URL, " + template.url()
                            + ", is none with the values that were found");
                }
                try {
                    yield new Answer.Next(Request.start(url.get(), Optional.empty())
                            .with(request.details(0, Map.of())), known);
                } catch (IllegalArgumentException e) { // a value that cannot be sent
                    yield new Answer.Missing(step + 1, String.valueOf(e.getMessage()));
                }
            }
            case Session.Submit submit -> content.map(page -> submitted(step + 1, submit, page, base, known))
                    .orElseGet(() -> new Answer.Missing(step + 1, "the page before has no text, and so no form"));
        };
    }

    private Answer submitted(int step, Session.Submit submit, PageContent content, LinkBase base,
            Map<String, Object> known) {
        Set<String> names = new HashSet<>();
        Map<String, List<String>> fields = new LinkedHashMap<>();
        submit.fill().fields().forEach((name, texts) -> fields.put(name, texts.stream().map(text -> {
            if (!submit.refersToSecrets()) {
                return text;
            }
            SecretText sent = new SecretText(text);
            names.addAll(sent.names());
            return secrets.resolved(sent, References.IN_TEXT);
        }).toList()));
        FormSubmission form =
                new FormSubmission(new FormFill(submit.fill().form(), fields, submit.fill().submit()));
        CanonicalUrl url = content.raw().request().url();
        return switch (form.in(new FormPage(content.scope().element(), url, base, content.charset()))) {
            case Outcome.Missing(String reason) -> new Answer.Missing(step, "the page before, " + url + ": " + reason);
            case Outcome.Refused(String reason) -> new Answer.Missing(step, "the page before, " + url + ": " + reason);
            case Outcome.Submitted sent when !names.isEmpty() && sent.body().isEmpty() -> new Answer.Missing(step,
                    FormSubmission.SHOWS_SECRETS);
            case Outcome.Submitted sent -> secrets.refusal(names, sent.url())
                    .<Answer>map(reason -> new Answer.Missing(step, reason))
                    .orElseGet(() -> new Answer.Next(sent.request(), known));
        };
    }

    private Answer last(RawPage page, Optional<PageContent> content, Map<String, Object> values) {
        List<String> missing = new ArrayList<>();
        if (successful.isPresent() && !isFound(successful.get(), content)) {
            missing.add("success.css matches nothing");
        }
        session.success()
                .flatMap(Session.Signs::url)
                .filter(pattern -> !pattern.isFoundIn(page.request().url().toString()))
                .ifPresent(pattern -> missing.add("success.url is not found in its URL"));
        if (expired.isPresent() && isFound(expired.get(), content)) {
            missing.add("it has what expired.css picks");
        }
        if (!missing.isEmpty()) {
            return new Answer.Missing(session.login().size() - 1,
                    "the last page, " + page.request().url() + ": " + String.join(", and ", missing));
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (Map.Entry<String, String> header : session.headers().texts().entrySet()) {
            String value = filled(header.getValue(), values);
            try {
                HeaderRule.check(header.getKey(), value, "headers." + header.getKey());
            } catch (IllegalArgumentException e) {
                return new Answer.Missing(session.login().size() - 1, String.valueOf(e.getMessage()));
            }
            headers.put(header.getKey(), value);
        }
        return new Answer.Done(headers);
    }

    private static boolean isFound(Query query, Optional<PageContent> content) {
        return content.isPresent() && query.in(content.get().scope()).findAny().isPresent();
    }

    /** Returns a header with the values of the steps, which refer to no secret. */
    private String filled(String text, Map<String, Object> values) {
        boolean refers = session.headers().referToSecrets();
        StringBuilder filled = new StringBuilder();
        for (Part part : TemplateText.of(text, refers).parts()) {
            String piece = switch (part) {
                case Part.Literal(String literal) -> literal;
                case Part.Placeholder(String name) -> Objects.requireNonNull(values.get(name), name).toString();
                case Part.Secret(String name) -> SecretText.reference(name);
            };
            filled.append(refers && !(part instanceof Part.Secret) ? SecretText.literal(piece) : piece);
        }
        return filled.toString();
    }
}
