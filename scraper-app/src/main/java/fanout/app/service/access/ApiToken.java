package fanout.app.service.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The token that opens the API; only its hash is kept. Immutable. */
public record ApiToken(SecretHash hash) {

    private static final String VARIABLE = "SCRAPER_API_TOKEN";

    /** That of a text. */
    public static ApiToken of(String token) {
        return new ApiToken(SecretHash.of(token));
    }

    /**
     * The token that the environment or a file holds; empty if neither is there.
     *
     * @throws IOException if the file cannot be read, or its first line is blank
     */
    public static Optional<ApiToken> find(Map<String, String> environment, Optional<Path> file) throws IOException {
        String variable = environment.getOrDefault(VARIABLE, "").strip();
        if (!variable.isEmpty()) {
            return Optional.of(of(variable));
        }
        if (file.isEmpty()) {
            return Optional.empty();
        }
        String line = Files.readString(file.get()).lines().findFirst().orElse("").strip();
        if (line.isEmpty()) {
            throw new IOException("its first line holds no token");
        }
        return Optional.of(of(line));
    }

    boolean isSame(String token) {
        return hash.equals(SecretHash.of(token));
    }
}
