package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** {@code scraper serve}, and what else serves, in this process, which is sent the signals. */
@Timeout(60)
class ServeCommandTest {

    @TempDir
    private Path folder;

    private RunningCommand serve(String... options) {
        List<String> words =
                new ArrayList<>(List.of("serve", "--port", "0", "--data", folder.resolve("data").toString()));
        words.addAll(List.of(options));
        return RunningCommand.start(folder, words.toArray(String[]::new));
    }

    @Test
    void theFirstSignalLetsFetchesFinishAndTheSecondGivesThemUp() throws Exception {
        Path config = Files.writeString(folder.resolve("service.yaml"), "network: {allowPrivateAddresses: true}\n");
        try (Site site = new Site("Docs"); RunningCommand service = serve("--config", config.toString())) {
            assertThat(service.err()).contains("scraper: serving at http://127.0.0.1:",
                    ", data in " + folder.resolve("data") + "\n");
            service.client().submit(site.job("/slow/"));
            await().until(() -> site.slowRequests.get() == 10);

            service.terminate();
            await().until(() -> service.err().contains("stopping: no new crawls, fetches in flight may finish"));
            assertThat(service.err()).doesNotContain("stopping now");
            service.terminate();

            assertThat(service.exitCode()).as(service.err()).isZero();
            assertThat(service.err()).contains("stopping now: fetches in flight are given up", "scraper: stopped\n");
        }
    }

    @Test
    void anAddressOfVersion6IsShownInBrackets() throws Exception {
        assumeTrue(hasVersion6(), "no IPv6 on loopback here");
        try (RunningCommand service = serve("--host", "::1")) {
            assertThat(service.err()).contains("serving at http://[::1]:");
        }
    }

    private static boolean hasVersion6() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.ofLiteral("::1"))) {
            return any.isBound();
        } catch (SocketException e) {
            return false; // it may be switched off, as in many containers
        }
    }

    @Test
    void oneSignalEndsAServiceThatHasNothingToDo() throws Exception {
        try (RunningCommand service = serve()) {
            int port = Integer.parseInt(service.err().replaceFirst("(?s).*http://127\\.0\\.0\\.1:(\\d+)/.*", "$1"));
            assertThatThrownBy(() -> new Socket("127.0.0.2", port).close()).as("it listens on 127.0.0.1 alone")
                    .isInstanceOf(ConnectException.class);
            service.terminate();
            assertThat(service.exitCode()).as(service.err()).isZero();
            assertThat(service.err()).contains("stopped").doesNotContain("stopping now");
        }
    }

    @Test
    void addressOfAllIsShownAsItWasGiven() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "0123456789abcdef0123456789abcdef\n");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
        Path config = Files.writeString(folder.resolve("service.yaml"), "tokenFile: " + token + "\n");
        try (RunningCommand service = serve("--host", "0.0.0.0", "--config", config.toString())) {
            assertThat(service.err()).contains("serving at http://0.0.0.0:",
                    "every user of this machine may read the token in " + token).doesNotContain("can be guessed");
            service.terminate();
            assertThat(service.exitCode()).as(service.err()).isZero();
        }
    }

    @Test
    void aShortTokenIsGoodForLoopbackWithAWarning() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "x\n");
        Path config = Files.writeString(folder.resolve("service.yaml"), "tokenFile: " + token + "\n");
        try (RunningCommand service = serve("--host", "127.0.0.1", "--config", config.toString())) {
            assertThat(service.err()).contains("serving at http://127.0.0.1:",
                    "scraper: a token of fewer than 20 characters can be guessed by every program of this machine; ");
        }
    }

    @Test
    void theDemoServesAndCrawlsTheShop() throws Exception {
        Path output = folder.resolve("demo");
        try (RunningCommand service = RunningCommand.start(folder, "demo", "--serve", "--output", output.toString())) {
            assertCrawlsTheShop(service);
            assertThat(output.resolve("job.yaml")).content().contains("http://127.0.0.1:");
            assertThat(output.resolve("service")).isDirectory();
        }
    }

    /** Its usual port is another's, and so is the folder of the first. */
    @Test
    void theDemoTakesAFreePortButNoFolderOfAnother() throws Exception {
        Path output = folder.resolve("demo");
        try (RunningCommand service = RunningCommand.start(folder, "demo", "--serve", "--output", output.toString())) {
            Path other = folder.resolve("other");
            CommandRun refused = new CommandRun(folder);
            assertThat(refused.run("demo", "--serve", "--output", output.toString())).isEqualTo(2);
            assertThat(refused.err()).contains("scraper: another service uses the folder");
            try (RunningCommand second =
                    RunningCommand.start(folder, "demo", "--serve", "--output", other.toString())) {
                assertCrawlsTheShop(second);
            }
            assertThat(service.err()).doesNotContain("Exception");
        }
    }

    @Test
    void theServiceMayShowTheShop() throws Exception {
        try (RunningCommand service = serve("--demo")) {
            assertCrawlsTheShop(service);
        }
    }

    private static void assertCrawlsTheShop(RunningCommand service) throws Exception {
        service.client().awaitCrawl("demo");
        assertThat(service.err()).contains("the demo shop is open at http://127.0.0.1:");
        service.terminate();
        assertThat(service.exitCode()).as(service.err()).isZero();
    }

    @Test
    void theShopAloneIsOpenUntilASignal() throws Exception {
        try (RunningCommand shop = RunningCommand.start(folder, "demo", "--shop", "--output", folder.toString())) {
            assertThat(shop.client().text("/")).contains("<title>");
            assertThat(shop.err()).contains("until Ctrl-C");
            shop.terminate();
            assertThat(shop.exitCode()).as(shop.err()).isZero();
        }
    }

    @Test
    void aSecondServiceOfAFolderIsRefused() throws Exception {
        try (RunningCommand _ = serve()) {
            refused("another service uses the folder", "--port", "0");
        }
    }

    @Test
    void whatCannotBeServedIsToldWithExitCode2() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            refused("cannot listen on 127.0.0.1:", "--port", String.valueOf(taken.getLocalPort()));
        }
        try (HighestPort _ = new HighestPort()) {
            refused("cannot listen on 127.0.0.1:65535: ", "--port", HighestPort.NUMBER);
        }
        refused("--port must be between 0 and 65535: 65536", "--port", "65536");
        refused("--port must be between 0 and 65535: -1", "--port", "-1");
        refused("is not loopback, and without a token", "--host", "0.0.0.0", "--port", "0");
        Path guessed = Files.writeString(folder.resolve("guessed"), "x".repeat(19) + "\n");
        Path guessable = Files.writeString(folder.resolve("guessable.yaml"), "tokenFile: " + guessed + "\n");
        assertThat(refused("a token of fewer than 20 characters can be guessed", "--host", "0.0.0.0", "--port", "0",
                "--config",
                guessable.toString())).contains("openssl rand -hex 32");
        refused("there is no address", "--host", "no such host", "--port", "0");
        Path config = Files.writeString(folder.resolve("bad.yaml"), "\nmaxQueued: 3\n");
        refused("bad.yaml:2:1: unknown key \"maxQueued\"", "--config", config.toString());
        refused("cannot read", "--config", folder.resolve("none.yaml").toString());
        Path file = Files.writeString(folder.resolve("file"), "");
        refused("cannot use", "--data", file.toString());
        Path token = Files.writeString(folder.resolve("blank"), " \n");
        Files.writeString(config, "tokenFile: " + token + "\n");
        String said = refused("cannot use tokenFile", "--config", config.toString());
        assertThat(said).hasLineCount(1);
    }

    private String refused(String words, String... options) {
        CommandRun run = new CommandRun(folder);
        List<String> all = new ArrayList<>(List.of("serve"));
        if (!List.of(options).contains("--data")) {
            all.addAll(List.of("--data", folder.resolve("data").toString()));
        }
        all.addAll(List.of(options));
        assertThat(run.run(all.toArray(String[]::new))).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains(words);
        return run.err();
    }

    @ParameterizedTest
    @ValueSource(strings = {"schema --service", "schema"})
    void theSchemasArePrinted(String words) {
        CommandRun run = new CommandRun(folder);
        assertThat(run.run(words.split(" "))).isZero();
        assertThat(new JsonMapper().readTree(run.out()).get("$id").stringValue())
                .isEqualTo(words.contains("service") ? "urn:fanout-scraper:service:1" : "urn:fanout-scraper:job:1");
    }
}
