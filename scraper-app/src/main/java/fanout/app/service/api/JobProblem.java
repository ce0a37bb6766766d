package fanout.app.service.api;

import fanout.app.config.BadJobException;
import fanout.app.service.http.Problem;

/** The mistakes of a job, each with its place, as a problem document. */
final class JobProblem {

    private JobProblem() {}

    static Problem of(String detail, int status, BadJobException e) {
        return Problem.of(status, detail, e.found()
                .stream()
                .map(problem -> new Problem.Place(problem.at().line(), problem.at().column(), problem.at().path(),
                        problem.message()))
                .toList());
    }
}
