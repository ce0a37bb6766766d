package fanout.load;

/** What a source and a worker ask of the frontier for each URL. */
enum Call {
    OFFER("offer"), TAKE("take"), WRITTEN("written"), FINISH("finish and close");

    private final String title;

    Call(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
