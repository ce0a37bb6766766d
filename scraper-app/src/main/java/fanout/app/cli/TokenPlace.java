package fanout.app.cli;

import fanout.app.cli.TokenAccess.RefusedTokenException;
import fanout.app.run.ExitCode;
import fanout.app.service.access.NewToken;
import fanout.app.service.access.NewToken.BadTokenException;
import fanout.app.service.access.Tokens;
import fanout.app.service.access.Tokens.Creation;
import fanout.app.store.DataFolder;
import fanout.app.store.StoredToken;
import fanout.app.store.TokenRole;
import fanout.app.terminal.FileProblem;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where the tokens are: a service that runs, or a data folder that no service uses. */
final class TokenPlace {

    private static final String URL_VARIABLE = "SCRAPER_URL";
    private static final String TOKEN_VARIABLE = "SCRAPER_API_TOKEN";

    @Option(names = "--url", paramLabel = "URL",
            description = "The address of a service that runs; without it, and without --data, SCRAPER_URL. "
                    + "SCRAPER_API_TOKEN has a token of the role admin.")
    private @Nullable String url;

    @Option(names = "--data", paramLabel = "DIRECTORY",
            description = "The data folder of a service that does not run.")
    private @Nullable Path data;

    /** For picocli. */
    TokenPlace() {}

    /**
     * Opens the place that the options or the environment name.
     *
     * @param mayBeNew whether the folder may not exist yet
     */
    TokenAccess open(CommandLine command, boolean mayBeNew) throws RefusedTokenException {
        String address = url == null && data == null ? System.getenv(URL_VARIABLE) : url;
        if (address == null ? data == null : data != null) {
            throw new ParameterException(command, address == null
                    ? "name a service by --url or " + URL_VARIABLE + ", or its data folder by --data"
                    : "a service is named by --url or by --data, not by both");
        }
        if (address != null) {
            return new ServiceTokens(origin(address), ownToken());
        }
        Path folder = Objects.requireNonNull(data);
        if (!mayBeNew && !Files.exists(folder.resolve("history.db"), LinkOption.NOFOLLOW_LINKS)) {
            throw new RefusedTokenException(ExitCode.BAD_USAGE, folder + " is not the data folder of a service");
        }
        try {
            return OfFolder.open(folder);
        } catch (DataFolder.InUseException e) {
            throw new RefusedTokenException(ExitCode.BAD_USAGE, "a service uses " + folder
                    + "; ask it by --url, with a token of the role admin in SCRAPER_API_TOKEN, or stop it");
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    /** Returns the token of the caller. What a header cannot carry is no token, and must not be shown in a message. */
    private static Optional<String> ownToken() throws RefusedTokenException {
        Optional<String> token = Optional.ofNullable(System.getenv(TOKEN_VARIABLE));
        if (token.filter(text -> !text.chars().allMatch(sign -> sign > ' ' && sign < 0x7f)).isPresent()) {
            throw new RefusedTokenException(ExitCode.BAD_USAGE,
                    TOKEN_VARIABLE + " has a space or another character that no token has");
        }
        return token;
    }

    private static URI origin(String address) throws RefusedTokenException {
        try {
            URI origin = new URI(address.replaceFirst("/+$", ""));
            String scheme = String.valueOf(origin.getScheme());
            boolean isPlain = origin.getHost() != null && origin.getRawUserInfo() == null
                    && origin.getRawQuery() == null && origin.getRawFragment() == null;
            if (isPlain && (scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https"))) {
                return origin;
            }
        } catch (URISyntaxException e) {
            throw notAnAddress();
        }
        throw notAnAddress();
    }

    private static RefusedTokenException notAnAddress() {
        return new RefusedTokenException(ExitCode.BAD_USAGE,
                "the address of a service must be as http://127.0.0.1:8080");
    }

    private static RefusedTokenException unusable(Path folder, IOException e) {
        return new RefusedTokenException(ExitCode.BAD_USAGE,
                "cannot use " + folder + ": " + FileProblem.reason(folder, e));
    }

    /** Those of a folder, whose lock is held until it is closed. */
    private record OfFolder(Path folder, DataFolder data, Tokens tokens) implements TokenAccess {

        private static OfFolder open(Path folder) throws IOException {
            DataFolder data = DataFolder.open(folder);
            try {
                return new OfFolder(folder, data, Tokens.ofFolder(data.tokens()));
            } catch (IOException | RuntimeException e) {
                try (data) {
                    throw e;
                }
            }
        }

        @Override
        public String create(String name, TokenRole role, Optional<String> expiresIn, Optional<String> expiresAt)
                throws RefusedTokenException {
            try {
                return switch (tokens.create(
                        NewToken.read(name, role.label(), expiresIn, expiresAt, Instant.now()))) {
                    case Creation.Created created -> created.secret();
                    case Creation.Hindered(String reason) ->
                            throw new RefusedTokenException(ExitCode.NO_RESULTS, reason);
                };
            } catch (BadTokenException e) {
                throw new RefusedTokenException(ExitCode.BAD_USAGE, String.valueOf(e.getMessage()));
            } catch (IOException e) {
                throw unusable(folder, e);
            }
        }

        @Override
        public List<Listed> list() throws RefusedTokenException {
            try {
                return tokens.list().stream().map(OfFolder::listed).toList();
            } catch (IOException e) {
                throw unusable(folder, e);
            }
        }

        private static Listed listed(StoredToken token) {
            return new Listed(token.name(), token.role().label(), token.createdAt().toString(),
                    token.expiresAt().map(Instant::toString), token.isExpired(Instant.now()),
                    token.usedAt().map(Instant::toString));
        }

        @Override
        public void delete(String name) throws RefusedTokenException {
            try {
                if (!tokens.delete(name)) {
                    throw new RefusedTokenException(ExitCode.NO_RESULTS, "there is no token of this name");
                }
            } catch (IOException e) {
                throw unusable(folder, e);
            }
        }

        @Override
        public void close() throws RefusedTokenException {
            try {
                data.close();
            } catch (IOException e) {
                throw unusable(folder, e);
            }
        }
    }
}
