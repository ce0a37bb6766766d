package fanout.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import fanout.app.store.DataFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code scraper token}, with a data folder and with a service. */
@Timeout(60)
class TokenCommandTest {

    @TempDir
    private Path folder;

    private CommandRun run(int expected, String... words) {
        CommandRun command = new CommandRun(folder);
        assertThat(command.run(words)).as(command.err()).isEqualTo(expected);
        return command;
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    @Test
    void tokenOfAFolderIsCreatedListedAndDeleted() throws IOException {
        CommandRun created =
                run(0, "token", "create", "--role", "run", "--name", "ci", "--expires-in", "90d", "--data", data());
        String token = created.out().strip();
        assertThat(token).matches("fsc_[A-Za-z0-9_-]{43}");
        assertThat(created.err()).contains("the token ci (run) was created; it is not shown again")
                .doesNotContain(token);
        assertThat(Files.readString(folder.resolve("data/history.db"), ISO_8859_1))
                .doesNotContain(token);

        assertThat(run(0, "token", "list", "--data", data()).out()).contains("ci", "run", "never")
                .doesNotContain(token);
        assertThat(run(4, "token", "create", "--role", "read", "--name", "ci", "--data", data()).err())
                .contains("ci");
        assertThat(run(0, "token", "delete", "ci", "--data", data()).err()).contains("the token ci was deleted");
        assertThat(run(4, "token", "delete", "ci", "--data", data()).err()).contains("there is no token of this name");
        assertThat(run(0, "token", "list", "--data", data()).err()).contains("there is no token");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            token                                               | a command is missing
            token list                                          | name a service by --url or SCRAPER_URL
            token list --url http://127.0.0.1:1 --data x        | by --url or by --data, not by both
            token list --url ftp://127.0.0.1                    | must be as http://127.0.0.1:8080
            token list --url http://u:p@127.0.0.1               | must be as http://127.0.0.1:8080
            token list --data nowhere                           | nowhere is not the data folder of a service
            token create --name a --role boss --data x          | metrics, read, run, admin
            token create --role run --data x                    | --name
            token create --name a/b --role run --data new       | the name must have 1 to 63 letters
            token create --name a --role run --expires-in soon --data new       | must be written as 90d
            token create --name a --role run --expires-at 2001-01-01T00:00:00Z --data new | must be in the future
            """)
    void mistakeIsNamedWithItsCure(String words, String problem) {
        String[] command = words.strip().split(" +");
        if (command[command.length - 1].equals("new")) {
            command[command.length - 1] = data();
        }
        assertThat(run(2, command).err()).contains(problem);
    }

    @Test
    void folderThatAServiceUsesIsLeftToIt() throws IOException {
        try (DataFolder _ = DataFolder.open(Path.of(data()))) {
            assertThat(run(2, "token", "list", "--data", data()).err()).contains("a service uses " + data(),
                    "ask it by --url");
        }
    }

    /** As long as there is no token, none is needed; from then on the environment has to have one. */
    @Test
    void serviceIsAskedForATokenByItsAddress() throws Exception {
        try (ServiceProcess service = ServiceProcess.start(folder)) {
            String url = service.client().origin();
            CommandRun created = run(0, "token", "create", "--role", "run", "--name", "ci", "--url", url);
            assertThat(created.out().strip()).matches("fsc_[A-Za-z0-9_-]{43}");

            String refusal = run(4, "token", "list", "--url", url).err();
            assertThat(refusal).contains(url + " refuses: ").doesNotContain("it answered");
            assertThat(run(4, "token", "create", "--role", "run", "--name", "two", "--url", url).err())
                    .as("it has its reason, too")
                    .isEqualTo(refusal);
        }
    }

    /** What a server says that is no service of this kind; where it sends elsewhere, nothing is sent there. */
    @ParameterizedTest
    @CsvSource({"200, [], does not answer as a service of this kind",
        "302, , refuses: it answered 302", "403, '{\"detail\": \"not yours\"}', refuses: not yours"})
    void answerOfAServiceThatRefusesIsShown(int status, String body, String problem) throws IOException {
        List<String> asked = new ArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/", exchange -> {
            try (exchange) {
                asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
                byte[] answer = body == null ? new byte[0] : body.getBytes(UTF_8);
                exchange.getResponseHeaders().set("Location", "/elsewhere");
                exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort();
            CommandRun command = new CommandRun(folder);
            int code = command.run("token", "create", "--role", "run", "--name", "ci", "--url", url + "/");

            assertThat(code).as(command.err()).isEqualTo(status == 200 ? 2 : 4);
            assertThat(command.err()).contains(problem);
            assertThat(command.out()).isEmpty();
            assertThat(asked).containsExactly("POST /api/v1/tokens");
        } finally {
            server.stop(0);
        }
    }
}
