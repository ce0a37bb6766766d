package fanout.app.service.http;

/** Who may use a route, and under which name of the host. */
public enum Door {
    /** Anyone, and any Host: what load balancers ask. */
    HEALTH(false, false),
    /** Who has the token, and any Host: what a scraper of metrics asks. */
    METRICS(true, false),
    /** Anyone, under a name of the service: the dashboard's files, and its login. */
    PAGE(false, true),
    /** Who has the token, under a name of the service. */
    API(true, true);

    private final boolean tokenNeeded;
    private final boolean hostChecked;

    Door(boolean tokenNeeded, boolean hostChecked) {
        this.tokenNeeded = tokenNeeded;
        this.hostChecked = hostChecked;
    }

    public boolean isTokenNeeded() {
        return tokenNeeded;
    }

    public boolean isHostChecked() {
        return hostChecked;
    }
}
