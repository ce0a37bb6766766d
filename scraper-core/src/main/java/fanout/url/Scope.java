package fanout.url;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which URLs belong to a crawl. Immutable: the frontier keeps the hosts that redirects of start URLs add.
 *
 * @param allowedDomains each covers its subdomains, and every port unless it names one; if empty, {@code hosts} counts
 * @param hosts exact hosts, of which ports 80 and 443 are one; only where {@code allowedDomains} is empty
 * @param include patterns of which one must be found in the canonical URL; empty: everything
 * @param exclude patterns of which none may be found
 * @param maxDepth links from a start URL; 0: start URLs only
 * @param dropParameters of links and of entries of sitemaps, and of what redirects lead to when the crawl asks whether
 *     it knows that
 * @param skipExtensions of links and of entries of sitemaps that are left out
 * @param followDuplicates whether the links of a page are followed whose content an earlier page had
 * @param checkExternal whether links out of scope are asked once whether they work
 */
public record Scope(
        List<Domain> allowedDomains,
        Set<Host> hosts,
        List<TextPattern> include,
        List<TextPattern> exclude,
        int maxDepth,
        DroppedParameters dropParameters,
        SkippedExtensions skipExtensions,
        boolean followDuplicates,
        boolean checkExternal) {

    public Scope {
        allowedDomains = List.copyOf(allowedDomains);
        hosts = hosts.stream().map(Host::withOneWebPort).collect(Collectors.toUnmodifiableSet());
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
        if (maxDepth < 0) {
            throw new IllegalArgumentException("maxDepth must not be negative: " + maxDepth);
        }
    }

    /** A scope out of which no link is asked. */
    public Scope(List<Domain> allowedDomains, Set<Host> hosts, List<TextPattern> include, List<TextPattern> exclude,
            int maxDepth, DroppedParameters dropParameters, SkippedExtensions skipExtensions,
            boolean followDuplicates) {
        this(allowedDomains, hosts, include, exclude, maxDepth, dropParameters, skipExtensions, followDuplicates,
                false);
    }

    /** A scope that drops no parameters, skips the usual extensions and follows duplicates. */
    public Scope(List<Domain> allowedDomains, Set<Host> hosts, List<TextPattern> include, List<TextPattern> exclude,
            int maxDepth) {
        this(allowedDomains, hosts, include, exclude, maxDepth, DroppedParameters.NONE, SkippedExtensions.USUAL, true,
                false);
    }

    /** A scope of the start URLs' hosts, without patterns. */
    public static Scope of(int maxDepth) {
        return new Scope(List.of(), Set.of(), List.of(), List.of(), maxDepth);
    }

    /** This scope with the hosts that an empty {@code allowedDomains} stands for; unchanged if it names domains. */
    public Scope forHosts(Stream<Host> starts) {
        return allowedDomains.isEmpty()
                ? new Scope(allowedDomains, starts.collect(Collectors.toSet()), include, exclude, maxDepth,
                        dropParameters, skipExtensions, followDuplicates,
                        checkExternal)
                : this;
    }

    /** This scope with another depth. */
    public Scope withMaxDepth(int value) {
        return new Scope(allowedDomains, hosts, include, exclude, value, dropParameters, skipExtensions,
                followDuplicates, checkExternal);
    }

    /** This scope with other parameters to drop. */
    public Scope dropping(DroppedParameters value) {
        return new Scope(allowedDomains, hosts, include, exclude, maxDepth, value, skipExtensions, followDuplicates,
                checkExternal);
    }

    /** This scope with other extensions to skip. */
    public Scope skipping(SkippedExtensions value) {
        return new Scope(allowedDomains, hosts, include, exclude, maxDepth, dropParameters, value, followDuplicates,
                checkExternal);
    }

    /** This scope, which follows the links of duplicates or does not. */
    public Scope followingDuplicates(boolean value) {
        return new Scope(allowedDomains, hosts, include, exclude, maxDepth, dropParameters, skipExtensions, value,
                checkExternal);
    }

    /** This scope, out of which links are asked whether they work, or are not. */
    public Scope checkingExternal(boolean value) {
        return new Scope(allowedDomains, hosts, include, exclude, maxDepth, dropParameters, skipExtensions,
                followDuplicates, value);
    }

    /** This scope without the extensions of media types that are asked for. */
    public Scope forTypes(List<String> types) {
        SkippedExtensions left = skipExtensions.except(types);
        return left.equals(skipExtensions) ? this : skipping(left);
    }

    /** Whether the URL's host is in scope. */
    public boolean covers(Host host) {
        if (allowedDomains.isEmpty()) {
            return hosts.contains(host.withOneWebPort());
        }
        for (Domain domain : allowedDomains) {
            if (domain.covers(host)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a discovered URL is in scope by its host, its extension and its patterns. */
    public boolean admits(CanonicalUrl url) {
        return ruleAgainst(url).isEmpty();
    }

    /**
     * Whether a URL is in scope by its patterns alone.
     *
     * @param matching looks for them
     */
    public boolean matches(CanonicalUrl candidate, BiPredicate<String, TextPattern> matching) {
        return patternAgainst(candidate, matching).isEmpty();
    }

    /** The rule that keeps a discovered URL out; empty if it is in scope by its host, extension and patterns. */
    public Optional<Rule> ruleAgainst(CanonicalUrl url) {
        if (!covers(url.host())) {
            return Optional.of(Rule.DOMAIN);
        }
        return skipExtensions.skip(url) ? Optional.of(Rule.EXTENSION)
                : patternAgainst(url, (text, pattern) -> pattern.isFoundIn(text));
    }

    private Optional<Rule> patternAgainst(CanonicalUrl candidate, BiPredicate<String, TextPattern> matching) {
        String url = candidate.toString();
        if (!include.isEmpty() && include.stream().noneMatch(pattern -> matching.test(url, pattern))) {
            return Optional.of(Rule.INCLUDE);
        }
        return exclude.stream().anyMatch(pattern -> matching.test(url, pattern))
                ? Optional.of(Rule.EXCLUDE)
                : Optional.empty();
    }

    /** Whether the links of a page at this depth lead anywhere. */
    public boolean goesBeyond(int depth) {
        return depth < maxDepth;
    }

    /** What keeps a URL out of scope. */
    public enum Rule {
        /** Neither an allowed domain nor the host of a start URL. */
        DOMAIN,
        /** It ends as one of {@code skipExtensions} does. */
        EXTENSION,
        /** None of the {@code include} patterns is found in it. */
        INCLUDE,
        /** One of the {@code exclude} patterns is found in it. */
        EXCLUDE
    }

    /**
     * A domain and its subdomains.
     *
     * @param name canonical, as in {@link Host#name}
     * @param port 0: every port
     */
    public record Domain(String name, int port) {

        /**
         * Reads {@code example.org} or {@code example.org:8080}.
         *
         * @throws IllegalArgumentException if it is neither
         */
        public static Domain parse(String text) {
            CanonicalUrl url = CanonicalUrl.parse("http://" + text)
                    .filter(parsed -> text.chars().noneMatch(c -> "/\\?#*@".indexOf(c) >= 0))
                    .orElseThrow(() -> new IllegalArgumentException(
                            "not a domain, as in example.org or example.org:8080: " + text));
            boolean named = text.lastIndexOf(':') > text.lastIndexOf(']');
            return new Domain(url.host().name(), named ? url.host().port() : 0);
        }

        boolean covers(Host host) {
            String other = host.name();
            return (port == 0 || port == host.port())
                    && other.endsWith(name)
                    && (other.length() == name.length() || other.charAt(other.length() - name.length() - 1) == '.');
        }
    }
}
