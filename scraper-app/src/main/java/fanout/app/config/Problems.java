package fanout.app.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Collects problems, so that all can be told at once. Not thread-safe. */
final class Problems {

    private final List<Problem> found = new ArrayList<>();
    private final List<String> secrets = new ArrayList<>();

    void add(Position at, String message) {
        found.add(new Problem(at, message));
    }

    /** Keeps a value out of every message. */
    void hide(String secret) {
        if (!secret.isEmpty()) {
            secrets.add(secret);
        }
    }

    /** What the supplier makes; if it refuses, its reason becomes a problem at this place. */
    <T> Optional<T> at(Position place, Supplier<? extends T> supplier) {
        try {
            return Optional.of(supplier.get());
        } catch (IllegalArgumentException e) { // how records refuse, and RE2, too
            add(place, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** Throws if there is any. */
    void check() throws BadJobException {
        if (!found.isEmpty()) {
            throw new BadJobException(found.stream()
                    .map(problem -> new Problem(problem.at(), withoutSecrets(problem.message())))
                    .distinct()
                    .sorted(Comparator.comparingInt((Problem problem) -> problem.at().line())
                            .thenComparingInt(problem -> problem.at().column()))
                    .toList());
        }
    }

    private String withoutSecrets(String message) {
        String text = message;
        for (String secret : secrets) {
            text = text.replace(secret, "(from the environment)");
        }
        return text;
    }
}
