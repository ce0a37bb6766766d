package fanout.app.store;

import java.time.Instant;
import java.util.Optional;

/**
 * A token, as the history keeps it.
 *
 * @param hash the SHA-256 of the token, in hexadecimal digits: of 256 random bits, so nothing slower is needed
 * @param expiresAt empty: never
 * @param usedAt when it was used last, to the hour
 */
public record StoredToken(
        String name,
        TokenRole role,
        String hash,
        Instant createdAt,
        Optional<Instant> expiresAt,
        Optional<Instant> usedAt) {

    /** Whether it opens nothing any more. */
    public boolean isExpired(Instant now) {
        return expiresAt.filter(end -> !now.isBefore(end)).isPresent();
    }
}
