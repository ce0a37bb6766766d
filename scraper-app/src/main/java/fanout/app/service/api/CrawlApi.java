package fanout.app.service.api;

import fanout.Crawl;
import fanout.app.config.BadJobException;
import fanout.app.config.JobFile;
import fanout.app.json.Json;
import fanout.app.service.crawl.Crawls;
import fanout.app.service.crawl.Crawls.Cancellation;
import fanout.app.service.crawl.Crawls.Resumption;
import fanout.app.service.crawl.Crawls.Submission;
import fanout.app.service.http.Door;
import fanout.app.service.http.Problem;
import fanout.app.service.http.QueryParameters;
import fanout.app.service.http.RefusedException;
import fanout.app.service.http.Reply;
import fanout.app.service.http.Route;
import fanout.app.service.http.ServiceRequest;
import fanout.app.service.run.CrawlTask;
import fanout.app.service.run.Ending;
import fanout.app.store.CrawlRecord;
import fanout.app.store.CrawlState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Submits crawls, lists them, asks them to end, and deletes them. */
public record CrawlApi(Crawls crawls) {

    static final String CRAWLS = "/api/v1/crawls";
    static final String CRAWL = CRAWLS + "/{id}";

    private static final int MOST_JOB_BYTES = 1 << 20;
    private static final List<String> STATES = Arrays.stream(CrawlState.values()).map(CrawlState::label).toList();
    private static final Set<String> JOB_TYPES =
            Set.of("application/yaml", "text/yaml", "application/x-yaml", Reply.JSON);
    private static final String RETRY_SECONDS = "5";
    private static final int MOST_ENDING = 20;

    public List<Route> routes() {
        return List.of(
                new Route(Door.RUN, "POST", CRAWLS, Set.of("dryRun"), this::submit),
                new Route(Door.READ, "GET", CRAWLS, Set.of("state", "name", "limit", "before"), this::list),
                Route.of(Door.READ, "GET", CRAWL, request -> Reply.json(200, Found.of(request, crawls).view())),
                Route.of(Door.RUN, "DELETE", CRAWL, this::delete),
                Route.of(Door.RUN, "POST", CRAWL + "/cancel", this::cancel),
                Route.of(Door.RUN, "POST", CRAWL + "/resume", this::resume),
                Route.of(Door.RUN, "POST", CRAWL + "/continue", this::continueHeld));
    }

    private Reply submit(ServiceRequest request) throws RefusedException, IOException {
        boolean dryRun = request.query().flag("dryRun");
        byte[] text = request.body(JOB_TYPES, MOST_JOB_BYTES);
        boolean json = request.mediaType().equals(Reply.JSON);
        JobFile file;
        try {
            file = crawls.read(json, text);
        } catch (BadJobException e) {
            return Reply.problem(e.isReadable() ? JobProblem.of("the job is not valid", 422, e)
                    : JobProblem.of("the job cannot be read", 400, e));
        }
        if (dryRun) {
            return Reply.json(200, Map.of("valid", true, "name", file.job().name(), "warnings", file.warnings()));
        }
        return answer(crawls.submit(file.job(), json, text));
    }

    private Reply answer(Submission submission) {
        return switch (submission) {
            case Submission.Accepted(CrawlRecord crawl) -> Reply.json(201, CrawlView.of(crawl, crawls.live(crawl.id())))
                    .with("Location", CRAWLS + "/" + crawl.id());
            case Submission.Full(int waiting) -> full(waiting);
            case Submission.Stopping(int live) -> stopping(live);
            case Submission.Unkept(String reason) -> Reply.problem(Problem.of(503, "no crawl can be kept: " + reason)
                    .with("Retry-After", RETRY_SECONDS));
        };
    }

    private static Reply full(int waiting) {
        return Reply.problem(Problem.of(429, waiting + " crawls wait, and no more may (maxQueuedCrawls)")
                .with("Retry-After", RETRY_SECONDS));
    }

    private static Reply stopping(int live) {
        return Reply.problem(Problem.of(503,
                "the service stops, and takes no more crawls; " + live + " have not ended"));
    }

    private Reply resume(ServiceRequest request) throws RefusedException, IOException {
        JsonNode limits = request.object(Set.of("limits")).path("limits");
        if (!limits.isMissingNode() && !limits.isObject()) {
            throw new RefusedException(400, "limits must be an object, as in {\"maxPages\": 500}");
        }
        CrawlRecord crawl = Found.of(request, crawls).crawl();
        try {
            return answer(crawls.resume(crawl,
                    limits.isMissingNode() ? Optional.empty() : Optional.of(Json.bytes(limits))),
                    "the crawl cannot be resumed: ");
        } catch (BadJobException e) {
            return Reply.problem(JobProblem.of("the crawl cannot be resumed with these limits", 422, e));
        }
    }

    private Reply continueHeld(ServiceRequest request) throws RefusedException, IOException {
        request.object(Set.of());
        return answer(crawls.continueHeld(Found.of(request, crawls).crawl()), "the crawl cannot be continued: ");
    }

    private Reply answer(Resumption resumption, String refusal) {
        return switch (resumption) {
            case Resumption.Accepted(CrawlRecord crawl) ->
                    Reply.json(202, CrawlView.of(crawl, crawls.live(crawl.id())));
            case Resumption.Hindered(String reason) ->
                    Reply.problem(Problem.of(409, refusal + reason));
            case Resumption.Gone(String id) ->
                    Reply.problem(Problem.of(404, "the crawl " + id + " was deleted meanwhile"));
            case Resumption.Full(int waiting) -> full(waiting);
            case Resumption.Stopping(int live) -> stopping(live);
        };
    }

    private Reply list(ServiceRequest request) throws RefusedException, IOException {
        QueryParameters query = request.query();
        Optional<CrawlState> wanted = query.oneOf("state", STATES).flatMap(CrawlState::of);
        int limit = (int) query.number("limit", 50, 1, 1_000);
        Optional<String> before = query.text("before");
        if (before.isPresent() && !Crawls.isId(before.get())) {
            throw new RefusedException(400, "before must be the id of a crawl, as next is");
        }
        List<CrawlRecord> found = crawls.list(wanted, query.text("name"), before, limit + 1);
        List<CrawlRecord> shown = found.subList(0, Math.min(limit, found.size()));
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("crawls", shown.stream().map(crawl -> CrawlView.of(crawl, crawls.live(crawl.id()))).toList());
        page.put("next", found.size() > limit ? shown.getLast().id() : null);
        return Reply.json(200, page);
    }

    private Reply delete(ServiceRequest request) throws RefusedException, IOException {
        return switch (crawls.delete(request.variable())) {
            case DONE -> Reply.empty(204);
            case LIVE -> Reply.problem(Problem.of(409, "the crawl has not ended; cancel it first"));
            case BUSY -> Reply.problem(Problem.of(409,
                    "another request is resuming or deleting the crawl at this moment; try again"));
            case UNKNOWN -> Reply.problem(Problem.of(404, "there is no crawl of this id"));
        };
    }

    private Reply cancel(ServiceRequest request) throws RefusedException, IOException {
        JsonNode mode = request.object(Set.of("mode")).path("mode");
        Ending ending = switch (mode.isMissingNode() ? "drain" : mode.asString("")) {
            case "drain" -> Ending.DRAIN;
            case "now" -> Ending.NOW;
            default -> throw new RefusedException(400, "mode must be \"drain\" or \"now\"");
        };
        return answer(request.variable(), crawls.cancel(Found.of(request, crawls).crawl(), ending));
    }

    private Reply answer(String id, Cancellation cancellation) {
        return switch (cancellation) {
            case Cancellation.Asked asked -> Reply.json(202, ending(id, asked));
            case Cancellation.Over(CrawlState state) ->
                    Reply.problem(Problem.of(409, "the crawl has ended already: it is " + state.label()));
        };
    }

    private Map<String, Object> ending(String id, Cancellation.Asked asked) {
        List<TaskView> atWork = crawls.live(id)
                .flatMap(CrawlTask::crawl)
                .flatMap(Crawl::tasks)
                .map(tree -> TaskView.of(tree).atWork())
                .orElse(new ArrayList<>());
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("id", id);
        answer.put("state", asked.state().label());
        answer.put("mode", asked.ending().name().toLowerCase(Locale.ROOT));
        answer.put("inFlight", asked.progress().inFlight());
        answer.put("queued", asked.progress().ready() + asked.progress().delayed());
        answer.put("ending", atWork.stream().limit(MOST_ENDING).toList());
        return answer;
    }
}
