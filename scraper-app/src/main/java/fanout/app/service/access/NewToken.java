package fanout.app.service.access;

import fanout.app.config.schema.Quantities;
import fanout.app.store.TokenRole;
import java.io.Serial;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A token that someone wants. Immutable.
 *
 * @param expiresAt empty: never
 */
public record NewToken(String name, TokenRole role, Optional<Instant> expiresAt) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final Duration LONGEST = Duration.ofDays(3_660);

    /** What is wanted cannot be; the message says why. */
    public static final class BadTokenException extends Exception {

        @Serial
        private static final long serialVersionUID = 1;

        private BadTokenException(String message) {
            super(message, null, false, false); // a mistake of the caller, and no fault of the program
        }
    }

    /**
     * Reads what is wanted.
     *
     * @param expiresIn a duration as {@code 90d}
     * @param expiresAt a time as {@code 2030-01-31T00:00:00Z}; if neither is given, the token does not expire
     */
    public static NewToken read(String name, String role, Optional<String> expiresIn, Optional<String> expiresAt,
            Instant now) throws BadTokenException {
        if (!NAME.matcher(name).matches()) {
            throw new BadTokenException(
                    "the name must have 1 to 63 letters, digits, dots, hyphens and underscores, and "
                            + "begin with a letter or a digit");
        }
        if (name.equals(ApiToken.NAME)) {
            throw new BadTokenException("the name " + name + " is taken by the token of the service's environment");
        }
        TokenRole known = TokenRole.of(role)
                .orElseThrow(() -> new BadTokenException("the role must be one of " + Arrays.stream(TokenRole.values())
                        .map(TokenRole::label)
                        .collect(Collectors.joining(", "))));
        if (expiresIn.isPresent() && expiresAt.isPresent()) {
            throw new BadTokenException("a token expires after a duration or at a time, not both");
        }
        Optional<Instant> end = expiresIn.isPresent() ? Optional.of(after(expiresIn.get(), now))
                : expiresAt.isPresent() ? Optional.of(time(expiresAt.get())) : Optional.empty();
        if (end.filter(time -> !time.isAfter(now)).isPresent()) {
            throw new BadTokenException("the expiry must be in the future");
        }
        if (end.filter(time -> time.isAfter(now.plus(LONGEST))).isPresent()) {
            throw new BadTokenException("the expiry must be within ten years; a token without one does not expire");
        }
        return new NewToken(name, known, end.map(time -> time.truncatedTo(ChronoUnit.MILLIS)));
    }

    private static Instant after(String duration, Instant now) throws BadTokenException {
        Duration length = Quantities.duration(duration)
                .orElseThrow(() -> new BadTokenException("a duration must be written as 90d or 12h, not " + duration));
        return length.isNegative() ? now : length.compareTo(LONGEST) > 0 ? Instant.MAX : now.plus(length);
    }

    private static Instant time(String text) throws BadTokenException {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new BadTokenException("a time must be written as 2030-01-31T00:00:00Z, not " + text);
        }
    }
}
