package fanout.app;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.Docs.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page that follows a URL is true: a run enters every method that it names, and its calls by thread are made
 * from that run. With {@code -Dfanout.write=true} this writes it.
 */
@Timeout(120)
class WalkTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+(?:\\.\\w+)?)\\.(\\w+)` \\|");
    private static final String NAME = "walk.md";
    private static final Part CALLS = new Part(NAME,
            "<!-- The calls: made from a run, see CONTRIBUTING.md -->\n```\n", "```\n<!-- end of the calls -->");

    /** A method by the names of its class, without its package, and itself. */
    private record Step(String owner, String method) {

        @Override
        public String toString() {
            return owner + "." + method;
        }

        String filter(Map<String, String> packages) {
            String outermost = owner.split("\\.", 2)[0];
            assertThat(packages).as("docs/" + NAME + " names a class that does not exist").containsKey(outermost);
            return packages.get(outermost) + "." + owner.replace('.', '$') + "::" + method;
        }

        static Step of(RecordedMethod method) {
            String type = method.getType().getName();
            return new Step(type.substring(type.lastIndexOf('.') + 1).replace('$', '.'), method.getName());
        }
    }

    /** The first call of a step on a thread, by these others, the outermost first. */
    private record Call(List<Step> callers, Step step) {

        List<Step> path() {
            return Stream.concat(callers.stream(), Stream.of(step)).toList();
        }
    }

    /** A thread; platform threads of a crawl may get their names a moment after Flight Recorder has looked. */
    private record Header(long id, String name) {

        static Header of(RecordedThread thread) {
            long id = thread.getJavaThreadId();
            return new Header(id, thread.isVirtual()
                    ? thread.getJavaName().replaceAll("[0-9]+", "N")
                    : "main".equals(thread.getJavaName()) ? "the command's thread" : "a platform thread");
        }
    }

    @TempDir
    private Path folder;

    @Test
    void runEntersEveryMethodOfTheWalk() throws Exception {
        List<Step> steps = ROW.matcher(Docs.text(NAME))
                .results()
                .map(row -> new Step(row.group(1), row.group(2)))
                .toList();
        assertThat(steps).hasSizeGreaterThan(20).doesNotHaveDuplicates();

        Map<Header, List<Call>> threads = calls(steps, recorded(steps));

        assertThat(threads.values().stream().flatMap(List::stream).map(Call::step).distinct())
                .as("entered by the run; docs/" + NAME + " names others")
                .containsExactlyInAnyOrderElementsOf(steps);
        CALLS.isWritten(written(steps, threads));
    }

    /**
     * In a JVM of its own: Flight Recorder follows no class if a loader of another test has one of the same name that
     * cannot be linked.
     */
    private List<RecordedEvent> recorded(List<Step> steps) throws IOException, InterruptedException {
        Map<String, String> packages = packages();
        Path file = folder.resolve("walk.jfr");
        Path settings = Files.writeString(folder.resolve("walk.jfc"), """
                <configuration version="2.0"><event name="jdk.MethodTrace">
                  <setting name="enabled">true</setting>
                  <setting name="threshold">0 ns</setting>
                  <setting name="stackTrace">true</setting>
                  <setting name="filter">%s</setting>
                </event></configuration>
                """.formatted(steps.stream().map(step -> step.filter(packages)).collect(joining(";"))));
        String recording = "-XX:StartFlightRecording:settings=" + settings + ",filename=" + file;
        try (Site site = new Site("Docs")) {
            Path job = Files.writeString(folder.resolve("job.yaml"), site.job("/"));
            Path said = folder.resolve("said");
            Process crawl = new ProcessBuilder(MainProcess.command(List.of(recording), "crawl", job.toString(),
                    "--progress=none", "--set", "output.pages=" + folder.resolve("pages.jsonl"), "--set",
                    "output.items=" + folder.resolve("items.jsonl"), "--set",
                    "output.report=" + folder.resolve("report.json"), "--set", "concurrency=1", "--set",
                    "limits.maxPages=2", "--set", "extract=[]", "--set", "politeness.obeyRobots=false"))
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            try {
                assertThat(crawl.waitFor(60, TimeUnit.SECONDS)).as("the crawl ends").isTrue();
                assertThat(crawl.exitValue()).as(Files.readString(said)).isZero();
            } finally {
                crawl.destroyForcibly();
            }
        }
        return RecordingFile.readAllEvents(file)
                .stream()
                .filter(event -> event.getEventType().getName().equals("jdk.MethodTrace"))
                .sorted(comparing(RecordedEvent::getStartTime))
                .toList();
    }

    /** Of each thread, in their order. */
    private static Map<Header, List<Call>> calls(List<Step> steps, List<RecordedEvent> events) {
        Map<Header, Map<List<Step>, Call>> threads = new LinkedHashMap<>();
        for (RecordedEvent event : events) {
            Step step = Step.of(event.getValue("method"));
            List<Step> callers = event.getStackTrace()
                    .getFrames()
                    .reversed()
                    .stream()
                    .map(RecordedFrame::getMethod)
                    .map(Step::of)
                    .filter(caller -> steps.contains(caller) && !caller.equals(step))
                    .distinct()
                    .toList();
            Call call = new Call(callers, step);
            threads.computeIfAbsent(Header.of(event.getThread()), _ -> new LinkedHashMap<>())
                    .putIfAbsent(call.path(), call);
        }
        Map<Header, List<Call>> calls = new LinkedHashMap<>();
        threads.forEach((thread, first) -> calls.put(thread, List.copyOf(first.values())));
        return calls;
    }

    /** Threads in the order of the page: that of the earliest step that each of them begins with. */
    private static String written(List<Step> steps, Map<Header, List<Call>> threads) {
        StringBuilder text = new StringBuilder();
        threads.entrySet()
                .stream()
                .sorted(comparingInt(thread -> steps.indexOf(thread.getValue().getFirst().step())))
                .forEach(thread -> {
                    text.append(thread.getKey().name()).append('\n');
                    write(List.of(), thread.getValue(), text);
                });
        return text.toString();
    }

    private static void write(List<Step> callers, List<Call> calls, StringBuilder text) {
        for (Call call : calls) {
            if (call.callers().equals(callers)) {
                text.append("  ".repeat(callers.size() + 1)).append(call.step()).append('\n');
                write(call.path(), calls, text);
            }
        }
    }

    /** Of each class of both modules that has a file of its own, by its simple name. */
    private static Map<String, String> packages() throws IOException {
        Map<String, String> packages = new TreeMap<>();
        for (String module : List.of("scraper-core", "scraper-app")) {
            Path sources = Docs.ROOT.resolve(module).resolve("src/main/java");
            try (Stream<Path> files = Files.walk(sources)) {
                files.filter(file -> file.toString().endsWith(".java") && !file.endsWith("package-info.java"))
                        .forEach(file -> packages.put(file.getFileName().toString().replace(".java", ""),
                                sources.relativize(file.getParent()).toString().replace('/', '.')));
            }
        }
        return packages;
    }
}
