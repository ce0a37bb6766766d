package fanout.app.reportpage;

import fanout.app.reportpage.PageLine.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What a reader of the page should look at first, the worst on top. Each leads to the part that shows it. */
final class Findings {

    /** Pages or items fewer than before by more than this share, in percent, are worth a look. */
    private static final int FEWER_PERCENT = 10;
    /** A fill rate that fell by as many points is. */
    private static final int POINTS = 5;
    /** So many times slower than before is. */
    private static final double SLOWER = 2;
    private static final long LEAST_MS = 50;

    private final RunReading.Run run;
    private final List<Finding> findings = new ArrayList<>();

    private Findings(RunReading.Run run) {
        this.run = run;
    }

    /** How bad a finding is. */
    enum Level {
        BAD("bad"), WARNING("warning"), NOTE("note");

        private final String style;

        Level(String style) {
            this.style = style;
        }

        String style() {
            return style;
        }
    }

    /** @param part the id of the part of the page that shows it; empty if no part does */
    record Finding(Level level, String words, String part) {}

    static List<Finding> of(RunReading.Run run) {
        return new Findings(run).all();
    }

    private List<Finding> all() {
        run.notes().forEach(note -> add(Level.WARNING, note, ""));
        run.report().ifPresent(this::addEnd);
        addPages();
        addItems();
        addLinks();
        addRedirects();
        addTitles();
        addSpeed();
        findings.sort(Comparator.comparing(Finding::level));
        return List.copyOf(findings);
    }

    private void add(Level level, String words, String part) {
        findings.add(new Finding(level, words, part));
    }

    private void addEnd(JsonNode report) {
        String failure = report.path("failure").asString("");
        if (!failure.isEmpty()) {
            add(Level.BAD, "The crawl failed: " + failure + ".", "");
        }
        switch (report.path("finishReason").asString("")) {
            case "maxPages" ->
                    add(Level.WARNING, "The crawl ended at limits.maxPages: there are more pages than these.",
                            "");
            case "maxDuration" -> add(Level.BAD, "The crawl ended at limits.maxDuration: pages are missing.", "");
            case "interrupted" -> add(Level.BAD, "The crawl was interrupted: pages are missing; crawl --resume "
                    + "completes it.", "");
            default -> {} // it came to its end, or its failure says why not
        }
        report.at("/expectations/checks")
                .valueStream()
                .filter(check -> !check.path("holds").asBoolean(true))
                .forEach(check -> addBroken(check.path("expectation").asString(""),
                        check.path("detail").asString("")));
        String whyNot = report.at("/expectations/whyNot").asString("");
        if (!whyNot.isEmpty()) {
            add(Level.WARNING, "What the job expects was not judged: " + whyNot + ".", "");
        }
        long skipped = report.at("/startList/skipped").asLong(0);
        if (skipped > 0) {
            add(Level.WARNING, Words.count(skipped, "line", "lines") + " of the start list could not be read.", "");
        }
    }

    private void addBroken(String expectation, String detail) {
        boolean isOfItems = expectation.equals("minItems") || expectation.startsWith("filled.");
        String part = isOfItems ? itemsPart()
                : expectation.equals("minPages") ? "statuses" : run.earlier().map(_ -> "changes").orElse("");
        add(Level.BAD, "Not as expected: " + detail + " (expect." + expectation + ").", part);
    }

    /** The part about items is there only if there are some. */
    private String itemsPart() {
        return run.fields().filter(fields -> fields.items() > 0).map(_ -> "items").orElse("");
    }

    private void addPages() {
        long pages = run.figures().all().of(Kind.PAGE);
        long others = run.figures().all().sum() - pages;
        if (pages == 0) {
            add(Level.BAD, others == 0 ? "The crawl has found no URL." : "No page was ok.", "statuses");
        }
        run.earlier().ifPresent(since -> {
            addFewer("pages", since.earlier().figures().all().of(Kind.PAGE), pages, "changes");
            if (run.fields().isPresent()) {
                addFewer("items", since.earlier().fields().items(), run.fields().get().items(), itemsPart());
            }
            long failing = since.changes().count(Changes.Kind.FAILS);
            if (failing > 0) {
                add(Level.BAD, Words.count(failing, "page that was ok in the run before fails",
                        "pages that were ok in the run before fail") + " now.", "changes");
            }
        });
        long failed = run.figures().all().serverErrors();
        if (failed > 0) {
            add(Level.BAD, Words.count(failed, "URL ends", "URLs end") + " with an error of the server (5xx).",
                    "statuses");
        }
    }

    private void addFewer(String what, long before, long now, String part) {
        if (before > 0 && 100 * now < (100L - FEWER_PERCENT) * before) {
            add(Level.BAD, "Fewer " + what + " than in the run before: " + Words.number(now) + ", and "
                    + Words.number(before) + " then (" + Words.change(before, now) + ").", part);
        }
    }

    private void addItems() {
        run.fields().ifPresent(fields -> fields.fields().forEach(field -> {
            long filled = field.field().filled();
            String name = field.rule() + "." + field.name();
            boolean hasFallen = run.earlier()
                    .flatMap(since -> since.earlier().fields().rule(field.rule()))
                    .filter(rule -> rule.items() > 0 && rule.field(field.name())
                            .filter(was -> 100.0 * was.filled() / rule.items()
                                    - 100.0 * filled / field.items() >= POINTS)
                            .isPresent())
                    .isPresent();
            if (filled == 0 || hasFallen) {
                add(hasFallen ? Level.BAD : Level.WARNING, name + (filled == 0 ? " is empty in every item"
                        : " is filled in " + Words.percent(filled, field.items()) + " of the items")
                        + (hasFallen ? ", and was filled more often in the run before." : "."), "items");
            }
        }));
        long dropped = run.report().map(report -> report.path("itemsDropped").asLong(0)).orElse(0L);
        if (dropped > 0) {
            add(Level.WARNING, Words.count(dropped, "item", "items")
                    + " without a required field " + (dropped == 1 ? "was" : "were") + " dropped.", itemsPart());
        }
    }

    private void addLinks() {
        Targets targets = run.links().targets();
        if (targets.brokenCount() > 0) {
            add(Level.BAD, Words.count(targets.brokenCount(), "URL is broken", "URLs are broken")
                    + (targets.brokenExternalCount() == 0 ? "."
                            : ", " + Words.number(targets.brokenExternalCount()) + " of them of other sites."),
                    "broken");
        }
    }

    private void addRedirects() {
        Targets.ChainCounts chains = run.links().targets().chainCounts();
        if (chains.loops() > 0) {
            add(Level.BAD, Words.count(chains.loops(), "redirect leads", "redirects lead") + " in a circle.",
                    "redirects");
        }
        if (chains.severalHops() > 0) {
            add(Level.WARNING, Words.count(chains.severalHops(), "chain", "chains")
                    + " of more than one redirect.", "redirects");
        }
    }

    private void addTitles() {
        RunReading.Same same = run.same();
        if (same.titles().groupCount() > 0) {
            add(Level.WARNING, Words.number(same.titles().pageCount()) + " pages share "
                    + Words.count(same.titles().groupCount(), "title", "titles") + ".", "titles");
        }
        if (same.contents().groupCount() > 0) {
            add(Level.WARNING, Words.number(same.contents().pageCount()) + " pages share "
                    + Words.count(same.contents().groupCount(), "content", "contents") + ".", "contents");
        }
        if (run.figures().withoutTitle() > 0) {
            add(Level.WARNING, Words.count(run.figures().withoutTitle(), "HTML page has", "HTML pages have")
                    + " no title.", "untitled");
        }
    }

    private void addSpeed() {
        run.earlier().ifPresent(since -> {
            long was = since.earlier().figures().durations().quantileMs(0.5);
            long is = run.figures().durations().quantileMs(0.5);
            if (is > LEAST_MS && is >= SLOWER * Math.max(1, was) && since.earlier().figures().durations().sum() > 0) {
                add(Level.WARNING, "Pages are slower than in the run before: half of them take longer than "
                        + Words.duration(is) + ", and " + Words.duration(was) + " then.", "speed");
            }
        });
    }
}
