package fanout.app.run;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether a run goes on with an earlier one, and how a person asks for that.
 *
 * @param isWanted whether the journal that lies there is to be used
 * @param arguments of the command that was given, its own name first
 */
public record Resumption(boolean isWanted, List<String> arguments) {

    /** A run that begins anew, of a command that has no way to go on. */
    public static final Resumption NEVER = new Resumption(false, List.of());

    private static final String FLAG = "--resume";
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    public Resumption {
        arguments = List.copyOf(arguments);
    }

    /** The command that goes on, for a shell; empty if there is none. */
    Optional<String> command() {
        if (arguments.isEmpty()) {
            return Optional.empty();
        }
        Stream<String> all = arguments.contains(FLAG) ? arguments.stream()
                : Stream.concat(arguments.stream(), Stream.of(FLAG));
        return Optional.of(
                Stream.concat(Stream.of(System.getProperty("scraper.command", "scraper")), all.map(Resumption::quoted))
                        .collect(Collectors.joining(" ")));
    }

    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
