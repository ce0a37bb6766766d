package fanout.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.job.CrawlJob;
import fanout.url.Host;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that extend other files. */
class JobBasesTest {

    @TempDir
    private Path folder;

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private JobFile read(String job, String... sets) throws Exception {
        write("job.yaml", job);
        return JobFileReader.read("job.yaml", folder.resolve("job.yaml"), new JobOverrides(List.of(sets), Map.of()),
                Map.of("DEPTH", "7"));
    }

    private List<String> problems(String job, String... sets) throws Exception {
        try {
            read(job, sets);
            return List.of();
        } catch (BadJobException e) {
            return e.problems().stream().map(problem -> problem.replace(folder.toString(), "@")).toList();
        }
    }

    @Test
    void mappingsAreMergedAndEverythingElseReplaces() throws Exception {
        write("base.yaml", """
                name: base
                startUrls: ["http://127.0.0.1/base"]
                scope: {include: [a, b], exclude: [c], maxDepth: "${DEPTH}"}
                concurrency: 9
                politeness: {delay: 3s, hosts: {a.org: {delay: 5s, maxDelay: 90s}, b.org: {delay: 6s}}}
                limits: {maxPages: 5}
                x-mine: {any: thing}
                """);

        CrawlJob job = read("""
                extends: base.yaml
                name: mine
                startUrls: ["http://127.0.0.1/mine"]
                scope: {include: [d]}
                concurrency: null
                politeness: {hosts: {a.org: {delay: 4s}, b.org: null}}
                limits:
                """).job();

        assertThat(job.name()).isEqualTo("mine");
        assertThat(job.start().urls()).extracting(start -> start.url().pathAndQuery()).containsExactly("/mine");
        assertThat(job.scope().include()).extracting(Object::toString).containsExactly("d");
        assertThat(job.scope().exclude()).hasSize(1);
        assertThat(job.scope().maxDepth()).isEqualTo(7);
        assertThat(job.concurrency()).isEqualTo(64);
        assertThat(job.limits().maxPages()).isEqualTo(10_000);
        assertThat(job.politeness().manners().delay()).hasSeconds(3);
        assertThat(job.politeness().mannersFor(new Host("a.org", 80)).delay()).hasSeconds(4);
        assertThat(job.politeness().mannersFor(new Host("a.org", 80)).maxDelay()).isEqualTo(Duration.ofSeconds(90));
        assertThat(job.politeness().mannersFor(new Host("b.org", 80)).delay()).hasSeconds(3);
    }

    @Test
    void laterFilesWinAndSettingsWinOverAll() throws Exception {
        write("far.yaml", "concurrency: 1\nlimits: {maxPages: 1, maxUrls: 1, maxRedirects: 1}\nname: far\n");
        write("one.yaml", "extends: far.yaml\nlimits: {maxPages: 2, maxUrls: 2}\n");
        write("two.yaml", "limits: {maxPages: 3}\nretries: {maxAttempts: 3}\n");
        String job = "extends: [one.yaml, two.yaml]\nstartUrls: [\"http://127.0.0.1/\"]\nretries: {maxAttempts: 4}\n";

        CrawlJob read = read(job, "limits.maxUrls=8", "retries.maxAttempts=5").job();

        assertThat(read.name()).isEqualTo("far");
        assertThat(read.concurrency()).isEqualTo(1);
        assertThat(read.limits().maxRedirects()).isEqualTo(1);
        assertThat(read.limits().maxPages()).isEqualTo(3);
        assertThat(read.limits().maxUrls()).isEqualTo(8);
        assertThat(read.retries().maxAttempts()).isEqualTo(5);
    }

    @Test
    void noJournalStaysNoJournal() throws Exception {
        write("base.yaml", "output: {journal: a.journal, flushTimeout: 3s}\n");
        String job = "extends: base.yaml\nname: a\nstartUrls: [\"http://127.0.0.1/\"]\noutput: {journal: %s}\n";

        assertThat(read(job.formatted("null")).outputs().journal()).isEmpty();
        assertThat(read(job.formatted("null")).job().flushTimeout()).hasSeconds(3);
        assertThat(read(job.formatted("b")).outputs().journal()).contains(Path.of("b"));
        assertThat(read("extends: base.yaml\nname: a\nstartUrls: [\"http://127.0.0.1/\"]\n").outputs().journal())
                .contains(Path.of("a.journal"));
    }

    @Test
    void whatAFileNamesIsRelativeToIt() throws Exception {
        write("shared/deep/far.yaml", "startUrlsFile: urls.txt\n");
        write("shared/deep/urls.txt", "http://127.0.0.1/far\n");
        write("shared/base.yaml", "extends: deep/far.yaml\n");

        CrawlJob job = read("extends: shared/base.yaml\nname: a\n").job();

        assertThat(job.start().urls()).extracting(start -> start.url().pathAndQuery()).containsExactly("/far");
    }

    @Test
    void basesOfOptionsAndInputAreRelativeToTheWorkingDirectory() throws Exception {
        write("base.yaml", "concurrency: 3\n");
        String base = folder.resolve("base.yaml").toString();
        String job = "name: a\nstartUrls: [\"http://127.0.0.1/\"]\n";

        assertThat(read(job + "extends: missing.yaml\n", "extends=" + base).job().concurrency()).isEqualTo(3);
        assertThat(problems(job, "extends=base.yaml")).singleElement()
                .asString()
                .isEqualTo("--set extends: cannot read extends base.yaml: no such file or directory");
        byte[] text = (job + "extends: " + base + "\n").getBytes(UTF_8);
        assertThat(JobFileReader.read("-", new ByteArrayInputStream(text), JobOverrides.NONE, Map.of())
                .job()
                .concurrency()).isEqualTo(3);
    }

    @Test
    void mistakesNameTheFileThatTheyAreIn() throws Exception {
        write("base.yaml", "\nconcurrency: none\nlimts: {}\nscope: {include: [\"(\"]}\n");

        assertThat(problems("extends: base.yaml\nname: a\nstartUrls: [no]\n")).hasSize(4)
                .contains("@/base.yaml:2:14: concurrency must be a whole number, not \"none\"",
                        "@/base.yaml:3:1: unknown key \"limts\"; did you mean \"limits\"?")
                .anySatisfy(problem -> assertThat(problem).startsWith("@/base.yaml:4:19: not an RE2 pattern"))
                .anySatisfy(problem -> assertThat(problem).startsWith("job.yaml:3:13: startUrls must be"));
    }

    @Test
    void aFileThatCannotBeExtendedIsAProblemAtItsName() throws Exception {
        write("list.yaml", "[a]\n");
        write("broken.yaml", "a: [\n");
        write("empty.yaml", "# nothing\n");
        write("long.yaml", "#" + "x".repeat(1 << 20) + "\n");
        Files.write(folder.resolve("latin.yaml"), new byte[]{'#', (byte) 0xE9, '\n'});
        String job = "name: a\nstartUrls: [\"http://127.0.0.1/\"]\nextends: %s\n";

        assertThat(problems(job.formatted("none.yaml"))).containsExactly(
                "job.yaml:3:10: cannot read extends @/none.yaml: no such file or directory");
        assertThat(problems(job.formatted("list.yaml"))).containsExactly(
                "@/list.yaml:1:1: a job must be a mapping, as in name: docs, not a list");
        assertThat(problems(job.formatted("broken.yaml"))).singleElement().asString().startsWith("@/broken.yaml:");
        assertThat(problems(job.formatted("empty.yaml"))).isEmpty();
        assertThat(problems(job.formatted("long.yaml"))).containsExactly(
                "job.yaml:3:10: extends @/long.yaml, which is longer than 1 MiB");
        assertThat(problems(job.formatted("latin.yaml"))).containsExactly(
                "job.yaml:3:10: extends @/latin.yaml, which is not UTF-8; save it as UTF-8");
        assertThat(problems(job.formatted("\"${DEPTH}.yaml\""))).containsExactly(
                "job.yaml:3:10: extends takes nothing from the environment; write the path itself");
        assertThat(problems(job.formatted("{path: empty.yaml}"))).containsExactly(
                "job.yaml:3:10: extends must be a path or a list of paths, not a mapping");
        assertThat(problems(job.formatted("[empty.yaml, 3]"))).containsExactly(
                "job.yaml:3:23: extends must be a path or a list of paths, not a number");
    }

    @Test
    void filesThatExtendEachOtherAreAProblem() throws Exception {
        write("one.yaml", "extends: two.yaml\n");
        write("two.yaml", "extends: ./one.yaml\n");
        write("back.yaml", "extends: job.yaml\n");
        String job = "name: a\nstartUrls: [\"http://127.0.0.1/\"]\nextends: %s\n";

        assertThat(problems(job.formatted("one.yaml"))).containsExactly(
                "@/two.yaml:1:10: extends @/one.yaml closes a circle: that file extends this one");
        assertThat(problems(job.formatted("back.yaml"))).containsExactly(
                "@/back.yaml:1:10: extends @/job.yaml closes a circle: that file extends this one");
    }

    @Test
    void aFileMayBeExtendedTwiceButNotWithoutEnd() throws Exception {
        for (int i = 0; i < 12; i++) {
            write("f" + i + ".yaml", (i == 0 ? "" : "extends: f" + (i - 1) + ".yaml\n")
                    + "limits: {maxPages: " + (i + 1) + "}\n");
        }
        write("wide.yaml", "extends: [" + "f0.yaml, ".repeat(101) + "]\n");
        String job = "name: a\nstartUrls: [\"http://127.0.0.1/\"]\nextends: %s\n";

        assertThat(read(job.formatted("[f3.yaml, f4.yaml, f3.yaml]")).job().limits().maxPages()).isEqualTo(4);
        assertThat(read(job.formatted("f9.yaml")).job().limits().maxPages()).isEqualTo(10);
        assertThat(problems(job.formatted("f10.yaml"))).containsExactly(
                "@/f1.yaml:1:10: extends goes deeper than 10 files here");
        assertThat(problems(job.formatted("wide.yaml"))).contains(
                "@/wide.yaml:1:902: extends comes to more than 100 files here");
    }
}
