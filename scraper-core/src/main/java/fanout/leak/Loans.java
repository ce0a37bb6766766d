package fanout.leak;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Who has which of the things of one kind, kept only of those that were lent while a leak check was under way: a name
 * for what another source says is in use. Thread-safe.
 *
 * @param <T> the borrower, or what is lent; compared by {@code equals}
 */
public final class Loans<T> {

    private final String kind;
    private final Map<T, Note> notes = new ConcurrentHashMap<>();

    /** Of this kind, in a word. */
    public Loans(String kind) {
        this.kind = kind;
    }

    private record Note(Supplier<String> what, Origin origin) {}

    /** Something is lent to the calling thread. Its description is asked for only if it is not given back. */
    public void lent(T thing, Supplier<String> what) {
        Origin origin = Origin.here();
        if (origin.isKnown()) {
            notes.put(thing, new Note(what, origin));
        }
    }

    /** It has come back. */
    public void back(T thing) {
        if (!notes.isEmpty()) { // outside tests it always is, and need not hash the thing
            notes.remove(thing);
        }
    }

    /** What was lent and is not back. */
    public List<Loan> all() {
        List<Loan> loans = new ArrayList<>();
        notes.forEach((thing, note) -> loans.add(new Loan(kind, note.what.get(), thing, note.origin)));
        return loans;
    }
}
