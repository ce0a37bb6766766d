package fanout.job;

import fanout.internal.annotation.Internal;
import fanout.page.Request;
import fanout.page.Request.Details;
import fanout.page.Request.References;
import fanout.url.CanonicalUrl;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where the secrets of a job go: to the hosts that a secret names, otherwise to the origins of the start URLs, of the
 * requests that {@code follow} and {@code session.login} name, and of {@code session.origins}. A page, and a redirect,
 * cannot send one elsewhere. Immutable.
 */
@Internal
public final class SecretRules {

    private final Secrets secrets;
    private final Set<String> origins;

    /** The rules of a job with these parts. */
    public SecretRules(Start start, Parsing parsing, Optional<Session> session, Secrets secrets) {
        this.secrets = secrets;
        this.origins = secrets.isEmpty() ? Set.of()
                : Stream.of(start.urls().stream().map(request -> request.url().origin()),
                        templates(parsing, session).flatMap(template -> template.origin().stream()),
                        session.stream().flatMap(logsIn -> logsIn.origins().stream()).map(CanonicalUrl::origin))
                        .flatMap(Function.identity())
                        .collect(Collectors.toUnmodifiableSet());
    }

    /** Checks that the secrets are known to which a job's requests refer. */
    static void check(Start start, Parsing parsing, Optional<Session> session, Secrets secrets) {
        for (Request request : start.urls()) {
            Details details = request.details();
            if (details.references() != References.NONE) {
                details.headers()
                        .forEach((name, value) -> secrets.checkHeader(new SecretText(value),
                                "startUrls.headers." + name));
                details.body().ifPresent(body -> secrets.check(new SecretText(body.text()), "startUrls"));
            }
        }
        templates(parsing, session).forEach(template -> template.check(secrets));
        forms(parsing).filter(FollowRule.Form::refersToSecrets)
                .forEach(form -> form.fill()
                        .fields()
                        .forEach((name, values) -> values.forEach(
                                value -> secrets.checkField(new SecretText(value), "fields." + name))));
        session.map(Session::headers)
                .filter(Session.Headers::referToSecrets)
                .ifPresent(headers -> headers.texts()
                        .forEach((name, value) -> secrets.checkHeader(new SecretText(value),
                                "session.headers." + name)));
        steps(session).filter(Session.Submit.class::isInstance)
                .map(Session.Submit.class::cast)
                .filter(Session.Submit::refersToSecrets)
                .flatMap(step -> step.fill().fields().values().stream().flatMap(List::stream))
                .forEach(value -> secrets.check(new SecretText(value), "session.login"));
    }

    /** What the job itself writes down: in follow, and in the steps of its login. */
    private static Stream<RequestTemplate> templates(Parsing parsing, Optional<Session> session) {
        Stream<RequestTemplate> ofFollow = sources(parsing).flatMap(
                source -> source instanceof FollowRule.Template template ? Stream.of(template.request())
                        : Stream.empty());
        return Stream.concat(ofFollow, steps(session).flatMap(
                step -> step instanceof Session.Send send ? Stream.of(send.request()) : Stream.empty()));
    }

    private static Stream<FollowRule.Form> forms(Parsing parsing) {
        return sources(parsing)
                .flatMap(source -> source instanceof FollowRule.Form form ? Stream.of(form) : Stream.empty());
    }

    private static Stream<FollowRule.Source> sources(Parsing parsing) {
        return parsing.follow().stream().flatMap(List::stream).map(FollowRule::source);
    }

    private static Stream<Session.Step> steps(Optional<Session> session) {
        return session.stream().flatMap(logsIn -> logsIn.login().stream());
    }

    /** Returns whether all secrets of a text go to a URL. */
    public boolean go(SecretText text, CanonicalUrl url) {
        return secrets.go(text.names(), url, origins);
    }

    /** Returns why a request cannot be sent: its body has a secret that does not go there. */
    public Optional<String> refusal(Request request) {
        Details details = request.details();
        return details.references() == References.NONE ? Optional.empty()
                : details.body().flatMap(body -> refusal(new SecretText(body.text()).names(), request.url()));
    }

    /** Returns why a body that refers to these secrets cannot be sent to a URL. */
    public Optional<String> refusal(Set<String> names, CanonicalUrl url) {
        return names.stream()
                .sorted()
                .filter(name -> !secrets.go(Set.of(name), url, origins))
                .findFirst()
                .map(name -> "the secret " + name + " of its body does not go to " + url.origin());
    }

    /**
     * Returns a text with its secrets, which must be neither kept nor shown.
     *
     * @throws IllegalArgumentException if one is not known; the message has its name
     */
    public String resolved(SecretText text, References place) {
        return text.resolved(name -> Optional.ofNullable(secrets.byName().get(name))
                .map(Secrets.Secret::value)
                .orElseThrow(() -> new IllegalArgumentException("the secret " + name + " is not set")), place);
    }
}
