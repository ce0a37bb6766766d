package fanout.app.trial;

import fanout.Crawl;
import fanout.Scraper;
import fanout.app.terminal.Plural;
import fanout.job.CrawlJob;
import fanout.job.Http;
import fanout.job.Keeping;
import fanout.job.Start;
import fanout.outcome.Outcome;
import fanout.page.Extractor;
import fanout.page.PageFollow;
import fanout.page.PageItem;
import fanout.page.PageLink;
import fanout.page.Request;
import fanout.report.CrawlReport;
import fanout.sink.FieldCounts;
import fanout.sink.Sink;
import fanout.url.CanonicalUrl;
import fanout.url.Host;
import fanout.url.Scope;
import fanout.url.SkippedExtensions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One page, fetched as the job's crawl would: a crawl of this one start URL, by the same code, that follows redirects
 * but no links. The page and the job's scope decide what the crawl would do with the links.
 *
 * @param outcomes one for each URL: the page, and the URLs that redirect to it
 * @param links of the page, with their verdicts; empty if there is no page
 * @param follows what each of the job's follow rules picked in the page
 * @param places what the job's rules made of each place in the page, in their order
 * @param notes why a rule gave no items or links, and what the job's crawl would do differently
 */
public record Trial(
        List<Outcome> outcomes,
        List<JudgedLink> links,
        List<PageFollow> follows,
        List<PageItem> places,
        List<String> notes,
        CrawlReport report) {

    /**
     * A link and what the crawl would do with it.
     *
     * @param followed whether the crawl would take it on
     * @param verdict followed, or why not
     */
    record JudgedLink(PageLink link, boolean followed, String verdict) {}

    /**
     * Fetches the page.
     *
     * @param start the page, and the label by which rules know it
     */
    public static Trial run(CrawlJob job, Request start) throws InterruptedException {
        List<Outcome> outcomes = new ArrayList<>();
        List<PageLink> links = new ArrayList<>();
        List<PageFollow> follows = new ArrayList<>();
        List<PageItem> places = new ArrayList<>();
        List<CanonicalUrl> pages = new ArrayList<>();
        List<String> scripted = new ArrayList<>();
        Extractor seeing = (page, _) -> {
            pages.clear(); // a page that is tried again counts once
            links.clear();
            follows.clear();
            places.clear();
            scripted.clear();
            pages.add(page.request().url());
            links.addAll(page.links());
            follows.addAll(page.follows());
            places.addAll(page.items());
            BrowserNote.of(page.document()).ifPresent(scripted::add);
        };
        Sink keeping = outcomes::add;
        CrawlReport report;
        try (Scraper scraper = Scraper.builder().extractor(seeing).build(); TrialFiles files = TrialFiles.of(job)) {
            Crawl.Builder crawl = scraper.crawl(only(start, job)).to(keeping);
            files.store().ifPresent(crawl::files);
            report = crawl.run();
        }
        boolean isStart = isStart(job, start.url());
        Scope ofJob = job.scope().forTypes(job.parsing().contentTypes()).forTypes(job.keeping().contentTypes());
        Scope scope = pages.isEmpty() || !isStart
                ? ofJob
                : ofJob.forHosts(hosts(job, pages.getFirst())); // as the crawl's, when a start URL has led there
        List<JudgedLink> judged =
                links.stream().map(link -> judge(link, scope, job.keeping(), pages.getFirst())).toList();
        Stream<String> notes = Stream.of(isStart ? Stream.<String>empty() : outside(outcomes, scope, job.keeping()),
                outcomes.stream().flatMap(outcome -> TrialFiles.notes(outcome, job)),
                scripted.stream(),
                outcomes.stream().flatMap(outcome -> ItemNotes.of(outcome, places, job.parsing())),
                expected(outcomes, job),
                follows.stream().flatMap(rule -> noLink(rule).stream())).flatMap(some -> some);
        return new Trial(List.copyOf(outcomes), judged, List.copyOf(follows), List.copyOf(places), notes.toList(),
                report);
    }

    /** Fields that fewer items of this page have than the job expects of all. */
    private static Stream<String> expected(List<Outcome> outcomes, CrawlJob job) {
        FieldCounts counts = new FieldCounts(job.parsing().fields());
        outcomes.forEach(counts::write);
        return counts.fields().stream().filter(field -> field.items() > 0).flatMap(field -> {
            String name = field.rule() + "." + field.field();
            Optional<Integer> wanted = Optional.ofNullable(job.expectations().filled().get(name));
            return wanted.filter(percent -> field.filled() * 100 < percent * field.items())
                    .map(percent -> name + " is filled in " + field.filled() + " of " + Plural.of(field.items(), "item")
                            + " of this page, and expect.filled wants " + percent + " %")
                    .stream();
        });
    }

    /** Why a follow rule gives no link, or fewer than it has matches, and what it names in vain. */
    private static Optional<String> noLink(PageFollow rule) {
        String why = String.join("; ", rule.reasons());
        return rule.reasons().isEmpty() ? Optional.empty()
                : Optional.of("follow " + rule.entry() + (rule.links() == 0 ? " gives no link in this page: " + why
                        : rule.links() == rule.matches() ? ": " + why
                                : ": " + (rule.matches() - rule.links()) + " of " + rule.matches() + " matches "
                                        + (rule.matches() - rule.links() == 1 ? "is not a link: " : "are not links: ")
                                        + why));
    }

    /** Start URLs and what they redirect to may lie out of scope; other pages may not. */
    private static Stream<String> outside(List<Outcome> outcomes, Scope scope, Keeping keeping) {
        return outcomes.stream()
                .map(outcome -> outcome.request().url())
                .flatMap(url -> ruleAgainst(url, 0, scope, keeping)
                        .map(rule -> url + " is out of scope (" + word(rule) + "): a crawl would not fetch it")
                        .stream());
    }

    /** The rule that keeps a URL out; a link to a file is not skipped for its extension. */
    private static Optional<Scope.Rule> ruleAgainst(CanonicalUrl url, int picks, Scope scope, Keeping keeping) {
        Scope asked = keeping.picks(url, picks, (text, pattern) -> pattern.isFoundIn(text))
                ? scope.skipping(SkippedExtensions.NONE)
                : scope;
        return asked.ruleAgainst(url);
    }

    private static Stream<Host> hosts(CrawlJob job, CanonicalUrl more) {
        return Stream.concat(job.scope().hosts().stream(), Stream.of(more.host()));
    }

    private static boolean isStart(CrawlJob job, CanonicalUrl url) {
        return job.start().urls().stream().anyMatch(start -> start.url().equals(url));
    }

    /** The job, limited to one page. */
    private static CrawlJob only(Request start, CrawlJob job) {
        return job.toBuilder()
                .start(Start.at(start))
                .scope(job.scope().withMaxDepth(0))
                .limits(job.limits().toBuilder().maxPages(1).build())
                .http(http(job, start.url()))
                .build();
    }

    /** The job's secrets go only to the origins to which its crawl would send them. */
    private static Http http(CrawlJob job, CanonicalUrl url) {
        Http http = job.http();
        boolean known = job.start().urls().stream().anyMatch(start -> start.url().origin().equals(url.origin()));
        return known ? http : http.withoutCredentials();
    }

    private static JudgedLink judge(PageLink link, Scope scope, Keeping keeping, CanonicalUrl page) {
        return switch (link.fate()) {
            case FOLLOWED -> inScope(link, scope, keeping, page);
            case DUPLICATE -> dropped(link, "duplicate on this page");
            case NOFOLLOW -> dropped(link, "nofollow");
            case TOO_LONG -> dropped(link, "longer than limits.maxUrlLength");
            case SURPLUS -> dropped(link, "beyond limits.maxLinksPerPage");
            case NOT_HTTP -> dropped(link, "not http or https");
            case MALFORMED -> dropped(link, "malformed");
            case LEFT_OUT -> dropped(link, "left out by include or exclude of follow");
            case UNSELECTED -> dropped(link, "not picked by follow");
        };
    }

    private static JudgedLink inScope(PageLink link, Scope scope, Keeping keeping, CanonicalUrl page) {
        CanonicalUrl url = link.url().orElseThrow();
        if (!scope.goesBeyond(0)) {
            return dropped(link, "out of scope: maxDepth");
        }
        boolean isKnownByUrl = link.details()
                .filter(details -> details.method() != Request.Method.GET || details.identity().isPresent())
                .isEmpty();
        if (isKnownByUrl && url.equals(page)) {
            return dropped(link, "duplicate: this page");
        }
        return ruleAgainst(url, link.details().map(Request.Details::picks).orElse(0), scope, keeping)
                .map(rule -> dropped(link, "out of scope: " + word(rule)))
                .orElseGet(() -> new JudgedLink(link, true, "followed"));
    }

    public static String word(Scope.Rule rule) {
        return switch (rule) {
            case DOMAIN -> "domain";
            case EXTENSION -> "skipExtensions";
            case INCLUDE -> "include";
            case EXCLUDE -> "exclude";
        };
    }

    private static JudgedLink dropped(PageLink link, String why) {
        return new JudgedLink(link, false, why);
    }
}
