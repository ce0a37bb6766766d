package fanout.app.service.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The token of the environment or the configuration, which opens everything; only its hash is kept. Immutable.
 *
 * @param characters how long it is
 */
public record ApiToken(SecretHash hash, int characters) {

    /** The fewest characters that cannot be guessed by someone who may try as often as the network lets them. */
    public static final int SHORTEST = 20;

    /** The variable of the environment, and the token's name wherever it is named. */
    public static final String NAME = "SCRAPER_API_TOKEN";

    /** That of a text. */
    public static ApiToken of(String token) {
        return new ApiToken(SecretHash.of(token), token.length());
    }

    /**
     * The token that the environment or a file holds; empty if neither is there.
     *
     * @throws IOException if the file cannot be read, or its first line is blank
     */
    public static Optional<ApiToken> find(Map<String, String> environment, Optional<Path> file) throws IOException {
        String variable = environment.getOrDefault(NAME, "").strip();
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

    /** Whether it could be guessed, so that it is good for loopback only. */
    public boolean isShort() {
        return characters < SHORTEST;
    }

    boolean isSame(SecretHash token) {
        return hash.equals(token);
    }
}
