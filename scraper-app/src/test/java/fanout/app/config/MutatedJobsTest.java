package fanout.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.app.config.document.YamlReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Good jobs, damaged at random: each ends soon, as a job or as problems that lie inside the file, and fetches nothing.
 * Where the job's schema has something against it, so has the reader. {@code -Dfanout.seed=N} runs a single one again.
 */
class MutatedJobsTest {

    private static final long JOBS = Long.getLong("fanout.jobs",
            Boolean.getBoolean("fanout.ci") ? 10_000 : Boolean.getBoolean("fanout.mutants") ? 200 : 500);
    private static final Duration SOON = Duration.ofSeconds(20); // however busy the machine; most take a millisecond
    private static final Pattern PROBLEM =
            Pattern.compile("job\\.yaml:([1-9][0-9]*):([1-9][0-9]*): .+", Pattern.DOTALL);

    private final SchemaOracle oracle = new SchemaOracle();
    private int valid;
    private int onlyTheReaderRefuses;

    @Test
    void aDamagedJobIsAJobOrHasProblemsInsideTheFile() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                ExecutorService thread = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory())) {
            List<byte[]> jobs = goodJobs(listener.getLocalPort());
            Long only = Long.getLong("fanout.seed");
            LongStream seeds = only == null ? LongStream.range(0, JOBS) : LongStream.of(only);
            seeds.forEach(seed -> run(seed, jobs, thread));

            assertNothingArrived(listener);
            if (only == null) {
                assertThat((double) valid / JOBS).as("share of valid ones").isBetween(0.05, 0.5);
                assertThat(onlyTheReaderRefuses).as("those that only the reader refuses").isPositive();
            }
        }
    }

    private static List<byte[]> goodJobs(int port) {
        return JobFiles.good()
                .stream()
                .map(file -> new String(JobFiles.bytes(file), UTF_8).replace(":8081", ":" + port).getBytes(UTF_8))
                .toList();
    }

    private void run(long seed, List<byte[]> jobs, ExecutorService thread) {
        String replay = "seed " + seed + " (again: -Dfanout.seed=" + seed + ")";
        byte[] job = Mutation.of(jobs, seed);
        Future<List<String>> result = thread.submit(() -> JobFiles.problems(job));
        try {
            check(replay, job, result.get(SOON.toSeconds(), TimeUnit.SECONDS));
        } catch (TimeoutException e) {
            fail(replay + " does not end", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(replay + " was interrupted", e);
        } catch (Exception e) {
            fail(replay + " fails:\n" + new String(job, UTF_8), e);
        }
    }

    private void check(String replay, byte[] job, List<String> problems) {
        List<Integer> lengths = lengths(new String(job, UTF_8));
        for (String problem : problems) {
            Matcher place = PROBLEM.matcher(problem);
            assertThat(place.matches()).as(replay + ": " + problem).isTrue();
            int line = Integer.parseInt(place.group(1));
            assertThat(line).as(replay + ": line of " + problem).isLessThanOrEqualTo(lengths.size());
            assertThat(Integer.parseInt(place.group(2))).as(replay + ": column of " + problem)
                    .isLessThanOrEqualTo(lengths.get(line - 1) + 1);
        }
        List<String> complaints = complaints(job);
        if (problems.isEmpty()) {
            valid++;
            assertThat(complaints).as(replay + ": the schema refuses what the reader takes").isEmpty();
        } else if (complaints.isEmpty()) {
            onlyTheReaderRefuses++;
        }
    }

    /** Of each line in characters, as YAML breaks lines. */
    private static List<Integer> lengths(String text) {
        List<Integer> lengths = new ArrayList<>();
        for (String line : text.split("\r\n|\r|\n", -1)) {
            lengths.add(line.codePointCount(0, line.length()));
        }
        return lengths;
    }

    private List<String> complaints(byte[] job) {
        Problems problems = new Problems();
        Optional<YamlNode> document = YamlReader.read("job.yaml", new String(job, UTF_8), problems);
        return problems.isEmpty() && document.isPresent() ? oracle.complaints(document.get()) : List.of("no document");
    }

    private static void assertNothingArrived(ServerSocket listener) throws IOException {
        listener.setSoTimeout(1); // what had connected would be waiting in the backlog
        try {
            listener.accept().close();
            fail("something was fetched");
        } catch (SocketTimeoutException e) {
            assertThat(e).as("no connection").isNotNull();
        }
    }
}
