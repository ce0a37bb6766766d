package fanout;

import fanout.synthetic.Handler;
import java.util.Map;

/** Small answers for sites of a few pages. */
final class Answers {

    private Answers() {}

    static Handler redirect(String location) {
        return redirect(302, location);
    }

    static Handler redirect(int status, String location) {
        return exchange -> exchange.respond(status, Map.of("Location", location), new byte[0]);
    }

    static Handler html(String body) {
        return exchange -> exchange.respond(200, "text/html", body);
    }

    static Handler text(int status, String body) {
        return exchange -> exchange.respond(status, "text/plain", body);
    }
}
