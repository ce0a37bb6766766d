package fanout.job;

import fanout.page.HeaderRule;
import fanout.url.CanonicalUrl;
import fanout.url.Scope;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What <code>${NAME}</code> stands for in the headers of a job, and in the headers and bodies of its requests. A secret
 * is put in when a request is sent, and nothing else has it: no journal, no result, no report, no log and no
 * {@code toString}. Immutable.
 */
public record Secrets(Map<String, Secret> byName) {

    /** No text of the job refers to any. */
    public static final Secrets NONE = new Secrets(Map.of());

    public Secrets {
        byName = Collections.unmodifiableMap(new TreeMap<>(byName));
    }

    /** Returns secrets that go to the origins of the start URLs, and of requests that {@code follow} names. */
    public static Secrets of(Map<String, String> values) {
        Map<String, Secret> secrets = new TreeMap<>();
        values.forEach((name, value) -> secrets.put(name, new Secret(value, List.of())));
        return new Secrets(secrets);
    }

    /**
     * Checks that a text refers to secrets that are known.
     *
     * @param key of the text, with which the message begins
     * @throws IllegalArgumentException if not; the message names the secret
     */
    public void check(SecretText text, String key) {
        text.names()
                .forEach(name -> Require.check(byName.containsKey(name), key,
                        "refers to the secret " + name + ", which is not set"));
    }

    /**
     * Checks that the text of a header refers to secrets that are known, and that a header can have.
     *
     * @param key of the text, with which the message begins
     * @throws IllegalArgumentException if not; the message names the secret, and has nothing of its value
     */
    public void checkHeader(SecretText text, String key) {
        check(text, key);
        byName.forEach((name, secret) -> {
            Optional<String> wrong = HeaderRule.wrongCharacter(secret.value());
            Require.check(wrong.isEmpty() || !text.names().contains(name), key,
                    "must be printable ASCII, which the secret " + name + " is not: " + wrong.orElse(""));
        });
    }

    /**
     * Checks that a field of a form refers to secrets that are known, and that every form sends alike: a line break is
     * another one in the form of a page.
     *
     * @param key of the text, with which the message begins
     * @throws IllegalArgumentException if not; the message names the secret, and has nothing of its value
     */
    public void checkField(SecretText text, String key) {
        check(text, key);
        text.names()
                .forEach(name -> Require.check(valueOf(name).chars().noneMatch(c -> c == '\r' || c == '\n'), key,
                        "must have no line break, as the secret " + name + " has; send it by a request with form"));
    }

    /** Returns the first of these secrets, which are known, with a character that is not ASCII. */
    public Optional<String> notAscii(Set<String> names) {
        return names.stream().sorted().filter(name -> valueOf(name).chars().anyMatch(c -> c >= 0x80)).findFirst();
    }

    private String valueOf(String name) {
        return Objects.requireNonNull(byName.get(name), name).value();
    }

    /** Returns whether there are none. */
    public boolean isEmpty() {
        return byName.isEmpty();
    }

    /**
     * A secret, which is not shown.
     *
     * @param hosts to which it goes, without those below them; on every port, or on the one that is named. Empty: where
     *     the job says so
     */
    public record Secret(String value, List<Scope.Domain> hosts) {
        public Secret {
            hosts = List.copyOf(hosts);
        }

        /** Returns whether the URL is at one of the hosts, if there are some. */
        public boolean mayGo(CanonicalUrl url) {
            return hosts.isEmpty() || hosts.stream()
                    .anyMatch(host -> host.name().equals(url.host().name())
                            && (host.port() == 0 || host.port() == url.host().port()));
        }

        @Override
        public String toString() {
            return "***";
        }
    }

    /**
     * Returns whether a secret goes to a URL.
     *
     * @param origins where those go that name no host
     */
    boolean go(Set<String> names, CanonicalUrl url, Set<String> origins) {
        return names.stream().allMatch(name -> {
            Secret secret = byName.get(name);
            return secret != null && (secret.hosts().isEmpty() ? origins.contains(url.origin()) : secret.mayGo(url));
        });
    }
}
