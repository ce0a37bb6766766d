package fanout.app.config;

/** Something wrong with a job. */
record Problem(Position at, String message) {

    @Override
    public String toString() {
        return at + ": " + message;
    }
}
