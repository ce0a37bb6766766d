package fanout.simulation;

import fanout.simulation.Site.Access;
import fanout.simulation.Site.Doc;
import fanout.simulation.Site.Gone;
import fanout.simulation.Site.Image;
import fanout.simulation.Site.Moved;
import fanout.simulation.Site.Place;
import fanout.simulation.Site.Refusal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The servers of a {@link Site}: they log visitors in, end sessions by chance, and remember what they have shown to
 * each visit. Confined to the simulation.
 */
final class SiteServer implements SimulatedNetwork.Hosts {

    static final String PASSWORD = "se cret&1";
    private static final String WELCOME = Site.HOME + "/welcome?of=";
    private static final String API = Site.HOME + "/api/login";

    /**
     * How the servers are.
     *
     * @param byUrl whether a job knows the login by its URL
     * @param saysWhere whether a redirect to the login has the page in its URL
     * @param leadsOn whether a login is answered by a redirect
     * @param forbidsLogin whether robots.txt forbids the login
     * @param isShort whether sessions show little
     */
    record Habits(
            long seed,
            Refusal refusal,
            boolean byUrl,
            boolean saysWhere,
            boolean leadsOn,
            boolean forbidsLogin,
            boolean isShort) {}

    /** What a visit was shown. */
    enum Shown {
        /** What is at its URL. */
        PLACE,
        /** That it has no session. */
        REFUSAL,
        /** A step of a login. */
        STEP,
        /** The token of a session. */
        TOKEN,
        ROBOTS
    }

    /** A session that a login gave. */
    static final class Opened {

        final String token;
        private int left;
        private final long until;

        private Opened(String token, int left, long until) {
            this.token = token;
            this.left = left;
            this.until = until;
        }
    }

    private final Site site;
    private final Habits habits;
    private final List<Opened> sessions = new ArrayList<>();
    private final Set<String> fields = new HashSet<>();
    private final Map<Visit, Shown> shown = new HashMap<>();
    private final Map<Visit, Opened> tokens = new HashMap<>();
    private final Set<Visit> over = new HashSet<>();
    private int number;

    SiteServer(Site site, Habits habits) {
        this.site = site;
        this.habits = habits;
    }

    @Override
    public boolean isInner(String url) {
        return false;
    }

    /** Whether a request is one that a login sends; a crawl comes upon the login itself with its session. */
    static boolean isStep(Visit visit) {
        return visit.url.equals(API) || visit.url.startsWith(WELCOME)
                || (visit.url.equals(Site.LOGIN) && visit.authorization.isEmpty());
    }

    @Override
    public Content answer(Visit visit, long time) {
        Optional<String> body = visit.details.body().map(sent -> sent.text());
        if (visit.isRobots()) {
            return showing(visit, Shown.ROBOTS, new Content.Text(200, "text/plain", "User-agent: *\n"
                    + (habits.forbidsLogin ? "Disallow: /login\nDisallow: /api\n" : "Disallow:\n")));
        }
        if (visit.url.equals(API)) {
            return body.equals(Optional.of("{\"user\":\"ann\",\"key\":7}"))
                    ? showing(visit, Shown.TOKEN, new Content.Text(200, "application/json",
                            "{\"token\":\"" + open(visit, time).token + "\"}"))
                    : showing(visit, Shown.STEP, new Content.Status(403));
        }
        if (visit.url.startsWith(WELCOME)) {
            return welcome(visit);
        }
        if (isStep(visit)) {
            return visit.details.method().name().equals("POST") ? logIn(visit, body.orElse(""), time)
                    : showing(visit, Shown.STEP, screen());
        }
        return visited(visit, body, time);
    }

    private Content showing(Visit visit, Shown what, Content content) {
        shown.put(visit, what);
        return content;
    }

    /** The login, with a field that is good once. */
    private Content screen() {
        String field = "f" + ++number;
        fields.add(field);
        return new Content.Text(200, "text/html", "<title>login</title><form id=login method=post action=/login>"
                + "<input type=hidden name=csrf value=" + field + "><input name=user><input name=password></form>"
                + "<a href='" + Site.FROM_LOGIN + "'>help</a>");
    }

    private Content logIn(Visit visit, String body, long time) {
        Map<String, String> form = new HashMap<>();
        for (String pair : body.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            form.put(parts[0], URLDecoder.decode(parts[parts.length - 1], StandardCharsets.UTF_8));
        }
        if (!fields.remove(form.getOrDefault("csrf", "")) || !"ann".equals(form.get("user"))
                || !PASSWORD.equals(form.get("password"))) {
            return showing(visit, Shown.STEP, screen());
        }
        Opened session = open(visit, time);
        if (habits.leadsOn) {
            tokens.remove(visit);
            String to = WELCOME + session.token;
            visit.location = Optional.of(to);
            return showing(visit, Shown.STEP, new Content.Moved(303, to));
        }
        return showing(visit, Shown.TOKEN, token(session));
    }

    private Content welcome(Visit visit) {
        String token = visit.url.substring(WELCOME.length());
        Optional<Opened> session = sessions.stream().filter(one -> one.token.equals(token)).findFirst();
        session.ifPresent(opened -> tokens.put(visit, opened));
        return session.map(opened -> showing(visit, Shown.TOKEN, token(opened)))
                .orElseGet(() -> showing(visit, Shown.STEP, new Content.Status(404)));
    }

    private static Content token(Opened session) {
        return new Content.Text(200, "text/html", "<title>welcome</title><b class=logout>leave</b>"
                + "<i id=token title=" + session.token + "></i>");
    }

    private Opened open(Visit visit, long time) {
        Dice dice = Dice.of(habits.seed, "session", sessions.size());
        int left = habits.isShort ? dice.oneOf(0, 1, 1, 2, 3) : dice.oneOf(1, 2, 4, 8, 20, 1_000);
        long until = dice.chance(0.2) ? time + dice.between(1, 3_000) * 1_000_000L : Long.MAX_VALUE;
        Opened session = new Opened("t" + ++number, left, until);
        sessions.add(session);
        tokens.put(visit, session);
        return session;
    }

    private Content visited(Visit visit, Optional<String> body, long time) {
        Place place = site.at(visit.url, visit.details.method().name(), body);
        boolean isScreen = visit.url.startsWith(Site.LOGIN) && habits.refusal != Refusal.UNAUTHORIZED;
        boolean isOver = place.access() == Access.MEMBERS && !isMember(visit, time);
        if (isOver) {
            over.add(visit);
        }
        if (isOver || isScreen || place.access() == Access.NOBODY) {
            return showing(visit, Shown.REFUSAL, refusal(visit, isScreen));
        }
        boolean leadsToLogin = habits.byUrl && place.thing() instanceof Moved moved && moved.to().equals(Site.LOGIN);
        return showing(visit, leadsToLogin ? Shown.REFUSAL : Shown.PLACE,
                switch (place.thing()) {
                    case Doc doc -> new Content.Text(200, "text/html", Site.html(doc, ++number));
                    case Image _ -> new Content.Image();
                    case Gone(int status) -> new Content.Status(status);
                    case Moved(int status, String to) -> new Content.Moved(status, to);
                });
    }

    private boolean isMember(Visit visit, long time) {
        Optional<Opened> session = visit.authorization.flatMap(
                sent -> sessions.stream().filter(one -> ("Bearer " + one.token).equals(sent)).findFirst());
        session.ifPresent(opened -> opened.left--);
        return session.filter(opened -> opened.left >= 0 && time < opened.until).isPresent();
    }

    private Content refusal(Visit visit, boolean isScreen) {
        return switch (habits.refusal) {
            case UNAUTHORIZED -> new Content.Status(401);
            case SCREEN -> screen();
            case MOVED -> isScreen ? screen()
                    : new Content.Moved(302,
                            Site.LOGIN + (habits.saysWhere ? "?next=" + visit.url.length() : ""));
        };
    }

    /** What a visit was shown; empty if its request did not arrive, or its answer was lost. */
    Optional<Shown> shown(Visit visit) {
        boolean isWhole = !visit.interrupted && visit.status > 0 && visit.failure.isEmpty();
        return Optional.ofNullable(shown.get(visit)).filter(_ -> isWhole);
    }

    /** Whether a visit had the page for which it came. */
    boolean isServed(Visit visit) {
        return visit.isOk() && shown(visit).equals(Optional.of(Shown.PLACE));
    }

    /** Whether a visit was refused; a job that knows the login by its URL takes all that is there for it. */
    boolean isRefused(Visit visit) {
        return shown(visit).equals(Optional.of(Shown.REFUSAL))
                || (habits.byUrl && visit.url.startsWith(Site.LOGIN) && !isStep(visit) && visit.status > 0
                        && !visit.interrupted);
    }

    /** Whether a visit was refused because its session was over, and not for good. */
    boolean isRefusedByTheEnd(Visit visit) {
        return isRefused(visit) && over.contains(visit);
    }

    /** The session that a visit was given. */
    Optional<Opened> token(Visit visit) {
        return shown(visit).equals(Optional.of(Shown.TOKEN)) ? Optional.ofNullable(tokens.get(visit))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return habits.toString();
    }
}
