package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Crawls small recorded sites by one worker. Each job has the site in its {@code x-} keys, and next to it is
 * exactly what the crawl asks for and writes, without what depends on time. With {@code -Dfanout.write=true} the
 * expectations are written again; a difference is a change of behaviour, so read it before you commit it.
 *
 * <p>{@code x-site} is the site, see {@link GoldenSite}. {@code x-runs} lists the further options of each run;
 * without it there is one run. {@code x-files} are files next to the job, {@code x-headers} the request headers
 * that are compared. {@code x-order: any} says that time decides on the order of requests and lines;
 * {@code x-direct} leaves out the proxy. {@code FOLDER} is the job's folder, {@code SITE} the origin of the site
 * without the proxy.
 */
@Timeout(60)
class GoldenCrawlsTest {

    private static final Path JOBS = Path.of("src/test/resources/fanout/app/golden");
    private static final Pattern INSTANT = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    private static final Pattern CSV_MILLISECONDS = Pattern.compile("(?<=,TIME,)\\d+(?=,)");
    private static final Pattern FIGURES = Pattern.compile(
            "(?<=\"(elapsedMs|pagesPerSecond|p50|p90|p99|max|durationMs)\" ?: ?)[0-9.]+");

    private static final Pattern FACTS = Pattern.compile("(?<=\"(ip|fetchedAt|durationMs)\":)[^,}]+");

    @TempDir
    private Path folder;

    static List<String> jobs() throws IOException {
        try (Stream<Path> files = Files.list(JOBS)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".yaml"))
                    .map(file -> file.substring(0, file.length() - ".yaml".length()))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jobs")
    void crawlDoesWhatItDidBefore(String name) throws IOException {
        String job = Files.readString(JOBS.resolve(name + ".yaml"));
        String found = crawl(job);

        Path expected = JOBS.resolve(name + ".txt");
        if (Boolean.getBoolean("fanout.write")) {
            Files.writeString(expected, found);
        }
        String before = Files.readString(expected);
        assertThat(found).as(() -> expected + firstDifference(before.lines().toList(), found.lines().toList()))
                .isEqualTo(before);
    }

    private static String firstDifference(List<String> before, List<String> now) {
        int line = 0;
        while (line < before.size() && line < now.size() && before.get(line).equals(now.get(line))) {
            line++;
        }
        return ":%d was%n%s%nand is%n%s".formatted(line + 1, line < before.size() ? before.get(line) : "its end",
                line < now.size() ? now.get(line) : "its end");
    }

    @Test
    void eachJobHasItsExpectation() throws IOException {
        assumeFalse(Boolean.getBoolean("fanout.write"), "expectations are being written");
        try (Stream<Path> files = Files.list(JOBS)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(file -> file.endsWith(".txt")))
                    .hasSizeGreaterThanOrEqualTo(50)
                    .containsExactlyInAnyOrderElementsOf(jobs().stream().map(name -> name + ".txt").toList());
        }
    }

    private String crawl(String template) throws IOException {
        StringBuilder found = new StringBuilder();
        Map<?, ?> keys = parsed(template);
        try (GoldenSite site = new GoldenSite(texts(keys.get("x-headers")))) {
            String job = template.replace("FOLDER", folder.toString()).replace("SITE", site.origin());
            site.record((Map<?, ?>) parsed(job).get("x-site"));
            List<String> ownFiles = new ArrayList<>(List.of("job.yaml"));
            if (keys.get("x-files") instanceof Map<?, ?> files) {
                for (var file : files.entrySet()) {
                    ownFiles.add(file.getKey().toString());
                    Files.writeString(folder.resolve(file.getKey().toString()), file.getValue().toString(), UTF_8);
                }
            }
            boolean isOrdered = !"any".equals(keys.get("x-order"));
            List<?> runs = keys.get("x-runs") instanceof List<?> given ? given : List.of(List.of());
            for (Object run : runs) {
                List<String> options = new ArrayList<>(texts(run));
                found.append("=== crawl ").append(String.join(" ", options)).append('\n');
                if (keys.get("x-direct") == null) {
                    options.addAll(List.of("--set", "http.proxy=" + site.origin(), "--set",
                            "network.allowedCidrs=[127.0.0.0/8]"));
                }
                options.add("--quiet");
                CommandRun command = new CommandRun(folder);
                int code = keys.get("output") == null ? command.crawl(job, options.toArray(String[]::new))
                        : command.crawlAsItSays(job, options.toArray(String[]::new));
                found.append("exit ").append(code).append('\n').append(command.out());
                found.append("--- requests\n");
                append(found, site.takeRequests(), isOrdered);
                appendFiles(found, ownFiles, isOrdered);
            }
            return withoutTimes(found.toString().replace(site.origin(), "SITE").replace(folder.toString(), "FOLDER"));
        }
    }

    private void appendFiles(StringBuilder found, List<String> ownFiles, boolean isOrdered) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (ownFiles.contains(name)) {
                    continue;
                }
                found.append("--- ").append(name).append('\n');
                if (!name.equals("crawl.journal")) {
                    append(found, Files.readAllLines(file), isOrdered || name.endsWith("report.json"));
                }
            }
        }
    }

    private static void append(StringBuilder found, List<String> lines, boolean isOrdered) {
        (isOrdered ? lines.stream() : lines.stream().sorted()).forEach(line -> found.append(line).append('\n'));
    }

    private static String withoutTimes(String text) {
        return text.lines().map(GoldenCrawlsTest::withoutTimesInLine).collect(Collectors.joining("\n", "", "\n"));
    }

    private static String withoutTimesInLine(String line) {
        String known = line;
        if (line.contains("\"outcome\":\"cancelled\"")) { // what is known of a request at its deadline, time decides
            known = FACTS.matcher(line).replaceAll("null");
        }
        String withoutInstants = INSTANT.matcher(known).replaceAll("TIME");
        return FIGURES.matcher(CSV_MILLISECONDS.matcher(withoutInstants).replaceAll("0")).replaceAll("0");
    }

    private static Map<?, ?> parsed(String yaml) {
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(yaml);
    }

    private static List<String> texts(Object list) {
        return list instanceof List<?> values ? values.stream().map(Object::toString).toList() : List.of();
    }
}
