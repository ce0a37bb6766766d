package fanout.app.service;

import static fanout.app.service.RunningService.CRAWLS;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Jobs that were damaged at random, and floods: each is checked or refused, and none leaves a file outside its folder.
 */
class HostileJobsTest {

    private static final int JOBS = Boolean.getBoolean("fanout.ci") ? 10_000 : 300;
    private static final String JOB = "name: x\nstartUrls: [\"http://127.0.0.1:1/\"]\nretries: {maxAttempts: 1}\n";
    private static final List<String> VALUES = List.of("1e999", "-1", "0", "9".repeat(400), "0x7fffffff", "1e-400",
            ".inf",
            ".nan", "9223372036854775808", "null", "~", "true", "[]", "{}", "[[[[[[[[]]]]]]]]", "{a: {b: {c: {d: 1}}}}",
            "\"../../../../etc/passwd\"", "\"\\0\"", "\"${HOME}\"", "\"file:///etc/passwd\"", "\"http://[::1\"",
            "\"http://user:pw@127.0.0.1/\"", "\"(a+)+$\"", "\"" + "(".repeat(5000) + "\"",
            "\"div" + " > div".repeat(3000) + "\"",
            "!!java.net.URL x", "*a", "&a [*a]", "99999999999d", "P999999999D", "9999999999GiB", "\ud800", "\u202e",
            "\"" + "x".repeat(70_000) + "\"", "-", "|", "> \n  x", "? x", "@", "`", "%", "'", "\"");

    @TempDir
    private Path folder;
    private RunningService service;

    @BeforeEach
    void open() throws Exception {
        service = RunningService.start(folder.resolve("data"), "", Optional.empty(), Duration.ofSeconds(3));
    }

    @AfterEach
    void close() throws Exception {
        service.close();
    }

    private static List<String> jobs() throws IOException {
        List<String> jobs = new ArrayList<>();
        try (var files = Files.list(Path.of("examples").toAbsolutePath())) {
            for (Path file : files.filter(path -> path.toString().endsWith(".yaml")).sorted().toList()) {
                jobs.add(Files.readString(file));
            }
        }
        jobs.add("{\"name\": \"x\",\n\"startUrls\": [\"http://127.0.0.1:1/\"],\n\"limits\":\n{\"maxPages\": 7,\n"
                + "\"maxDuration\": \"1s\"\n},\n\"extract\":\n[{\"name\": \"a\",\n\"fields\": {\"b\": {\"css\": "
                + "\"h1\"}}}]}");
        return jobs;
    }

    /** One to three changes: a line twice, away, elsewhere or in another's place, another value, a byte. */
    private static byte[] damaged(String job, SplittableRandom random) {
        List<String> lines = new ArrayList<>(job.lines().toList());
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            int at = random.nextInt(lines.size());
            String line = lines.get(at);
            int colon = line.indexOf(':');
            switch (random.nextInt(6)) {
                case 0 -> lines.add(random.nextInt(lines.size() + 1), line);
                case 1 -> lines.set(at, "");
                case 2 -> Collections.swap(lines, at, random.nextInt(lines.size()));
                case 3 -> lines.set(at, " ".repeat(random.nextInt(9)) + line.strip());
                case 4 -> lines.set(at, line.substring(0, colon + 1) + " " + VALUES.get(random.nextInt(VALUES.size())));
                default -> {
                    int from = random.nextInt(line.length() + 1);
                    lines.set(at, line.substring(0, from) + (char) random.nextInt(256) + line.substring(from));
                }
            }
        }
        return String.join("\n", lines).getBytes(random.nextInt(8) > 0 ? UTF_8 : ISO_8859_1);
    }

    private Set<String> files() throws IOException {
        try (var files = Files.walk(folder)) {
            return new TreeSet<>(files.map(Path::toString).filter(name -> !name.contains("history.db")).toList());
        }
    }

    @Test
    void noJobIsAnInternalErrorAndACheckLeavesNothing() throws Exception {
        List<String> jobs = jobs();
        Set<String> before = files();
        int[] statuses = new int[600];
        for (int seed = 0; seed < JOBS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] job = damaged(jobs.get(random.nextInt(jobs.size())), random);
            String type = random.nextInt(5) > 0 ? "application/yaml" : "application/json";
            Answer answer = service.send("POST", CRAWLS + "?dryRun=true", job, "Content-Type: " + type);
            assertThat(answer.status()).as("seed " + seed + ": " + answer.text()).isIn(200, 400, 413, 422);
            if (answer.status() != 200) {
                assertThat(answer.json().get("problems").isEmpty()).as("seed " + seed).isFalse();
            }
            statuses[answer.status()]++;
        }
        assertThat(IntStream.of(200, 400, 422).map(status -> statuses[status])).as("valid, unreadable and bad jobs")
                .allMatch(count -> count > JOBS / 30);
        assertThat(files()).isEqualTo(before);
        assertThat(service.get("/metrics").text()).doesNotContainPattern("status=\"500\"} [1-9]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../x", "..", "a/b", "/etc/x", "a\\\\b", "", " ", "x\\u0000", "x\\n", "%2e%2e", "x.", "\u00e9"})
    void aNameCannotLeadElsewhere(String name) throws Exception {
        Set<String> before = files();
        assertThat(service.submit(JOB.replace("name: x", "name: \"" + name + "\"")).status()).isEqualTo(422);
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void outputsOfAJobLeadIntoTheFolderOfItsCrawl() throws Exception {
        Path elsewhere = folder.resolve("elsewhere.jsonl");
        String output = "output: {pages: " + elsewhere
                + ", items: ../../../items.jsonl, report: /tmp/../report.json, journal: j}\n";
        service.awaitState(service.submitted(JOB + output), "finished", "failed");
        assertThat(files())
                .allMatch(name -> name.equals(folder.toString()) || name.startsWith(folder.resolve("data").toString()));
    }

    @Test
    void floodsOfHeadersAreRefusedAndTheServiceGoesOn() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (Socket socket = service.connect("GET " + CRAWLS + " HTTP/1.1\r\nHost: " + service.host() + "\r\n")) {
                int status = flood(socket, "X-%d: " + "y".repeat(i % 2 == 0 ? 10 : 10_000) + "\r\n");
                assertThat(status).isIn(0, 400, 413, 431);
            }
        }
        assertThat(service.get(CRAWLS).status()).isEqualTo(200);
        assertThat(service.get("/metrics").text()).doesNotContainPattern("status=\"500\"} [1-9]");
    }

    /** Sends up to twenty thousand headers or ten megabytes; 0 if the connection ends without an answer. */
    private static int flood(Socket socket, String header) throws IOException {
        try {
            OutputStream out = socket.getOutputStream();
            int most = Math.min(20_000, 10_000_000 / header.length());
            for (int i = 0; i < most; i++) {
                out.write(header.formatted(i).getBytes(UTF_8));
            }
            out.write("\r\n".getBytes(UTF_8));
            byte[] begin = socket.getInputStream().readNBytes(12);
            return begin.length == 12 ? Integer.parseInt(new String(begin, ISO_8859_1).substring(9)) : 0;
        } catch (SocketException e) {
            return 0; // reset, because not all of it was read
        }
    }

    @Test
    void ninetyBodiesThatDoNotComeHoldNoOtherRequestUp() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 90; i++) {
                slow.add(service.connect("POST " + CRAWLS + " HTTP/1.1\r\nHost: " + service.host()
                        + "\r\nContent-Type: application/yaml\r\nContent-Length: 500000\r\n\r\nn"));
            }
            assertThat(service.get(CRAWLS).status()).isEqualTo(200);
            for (Socket socket : slow) {
                assertThat(ends(socket)).as("cut off").isTrue();
            }
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
        assertThat(service.get(CRAWLS).json().get("crawls").isEmpty()).isTrue();
    }

    private static boolean ends(Socket socket) throws IOException {
        try {
            socket.getInputStream().readAllBytes();
            return true;
        } catch (SocketException e) {
            return true; // reset
        }
    }
}
