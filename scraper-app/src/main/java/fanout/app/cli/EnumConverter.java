package fanout.app.cli;

import fanout.app.progress.ProgressMode;
import fanout.app.store.TokenRole;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads a constant of an enum as users write it, in lower case; picocli's own message lists the names in capitals.
 *
 * @param type whose {@code toString} is what users write
 */
public record EnumConverter<E extends Enum<E>>(Class<E> type) implements ITypeConverter<E> {

    /** Registers a converter for each enum of the commands. */
    public static CommandLine register(CommandLine commands) {
        return commands.registerConverter(ProgressMode.class, new EnumConverter<>(ProgressMode.class))
                .registerConverter(TokenRole.class, new EnumConverter<>(TokenRole.class))
                .registerConverter(CompletionCommand.Shell.class, new EnumConverter<>(CompletionCommand.Shell.class));
    }

    @Override
    public E convert(String written) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.toString().equals(written.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "must be one of " + Arrays.stream(type.getEnumConstants())
                                .map(Enum::toString)
                                .collect(Collectors.joining(", ")) + ", not '" + written + "'"));
    }
}
