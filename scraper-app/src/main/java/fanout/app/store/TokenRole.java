package fanout.app.store;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a token opens: each role may do what those before it may. */
public enum TokenRole {
    /** Reads the metrics. */
    METRICS,
    /** Sees crawls and their results, too. */
    READ,
    /** Submits, cancels, resumes and deletes crawls, too. */
    RUN,
    /** Creates and deletes tokens, too. */
    ADMIN;

    /** As the API and the history write it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** As users write it. */
    @Override
    public String toString() {
        return label();
    }

    /** Returns the role with this label; empty if it does not exist. */
    public static Optional<TokenRole> of(String label) {
        return Arrays.stream(values()).filter(role -> role.label().equals(label)).findFirst();
    }

    /** Whether it may do what needs that role. */
    public boolean includes(TokenRole needed) {
        return compareTo(needed) >= 0;
    }
}
