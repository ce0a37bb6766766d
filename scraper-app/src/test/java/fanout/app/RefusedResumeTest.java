package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.synthetic.SyntheticWeb;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Resumptions that are refused change nothing: the report belongs to the files that lie there. */
class RefusedResumeTest {

    private final SyntheticWeb web = SyntheticWeb.builder().pagesPerHost(20).start();

    @TempDir
    private Path folder;

    @AfterEach
    void closeWeb() {
        web.close();
    }

    private String job(String scope) {
        return """
                version: 1
                name: refused
                startUrls: [%s]
                scope: {maxDepth: %s}
                limits: {maxPages: 5}
                politeness: {delay: 0, autoThrottle: false}
                network: {allowedCidrs: [127.0.0.0/8]}
                """.formatted(web.urlOf(0, 0), scope);
    }

    /** Damage that a resumption finds. */
    enum Damage {
        NONE {
            @Override
            void to(Path folder) {}
        },
        FIRST_GROUP {
            @Override
            void to(Path folder) throws IOException {
                byte[] bytes = Files.readAllBytes(folder.resolve("crawl.journal"));
                bytes[30] ^= 1;
                Files.write(folder.resolve("crawl.journal"), bytes);
            }
        },
        NO_JOURNAL_AT_ALL {
            @Override
            void to(Path folder) throws IOException {
                Files.writeString(folder.resolve("crawl.journal"), "my notes\n");
            }
        },
        SHORT_PAGES {
            @Override
            void to(Path folder) throws IOException {
                Files.writeString(folder.resolve("pages.jsonl"), "{}\n", StandardOpenOption.TRUNCATE_EXISTING);
            }
        },
        MISSING_PAGES {
            @Override
            void to(Path folder) throws IOException {
                Files.delete(folder.resolve("pages.jsonl"));
            }
        };

        abstract void to(Path folder) throws IOException;
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            FIRST_GROUP,       7, ,                                'crawl.journal: damaged at byte 0'
            NO_JOURNAL_AT_ALL, 7, ,                                'this is no journal of a crawl'
            SHORT_PAGES,       7, ,                                'pages.jsonl: the file has 3 bytes, of which'
            MISSING_PAGES,     7, ,                                'the file is missing'
            NONE,              6, ,                                'another value of scope'
            NONE,              7, --set=output.journal=null,       'output.journal is null'
            NONE,              7, --set=output.pages=/dev/null,    'output.pages, /dev/null, is no plain file'
            """)
    void reportIsAsItWas(Damage damage, String depth, String option, String words) throws IOException {
        assertThat(new CommandRun(folder).crawl(job("7"))).isZero();
        damage.to(folder);
        Map<String, String> before = files();
        assertThat(before.get("report.json")).contains("\"maxPages\"");

        CommandRun refused = new CommandRun(folder);
        int code = option == null ? refused.crawl(job(depth), "--resume")
                : refused.crawl(job(depth), "--resume", option);

        assertThat(code).as(refused.err()).isEqualTo(2);
        assertThat(refused.err()).contains(words);
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void aCrawlWithAllItsPagesIsResumedWithAHigherLimit() throws IOException {
        CommandRun first = new CommandRun(folder);
        assertThat(first.crawl(job("7"))).isZero();
        assertThat(first.err()).containsPattern("\n  resume  scraper crawl .* --set limits.maxPages=10 --resume\n");

        CommandRun more = new CommandRun(folder);
        assertThat(more.crawl(job("7"), "--set", "limits.maxPages=10", "--resume")).as(more.err()).isZero();
        assertThat(more.report().at("/accounting/ok").asLong()).isEqualTo(10);
        assertThat(more.err()).contains(" --set limits.maxPages=10 --resume --set limits.maxPages=20\n");
        CommandRun last = new CommandRun(folder);
        assertThat(last.crawl(job("7"), "--set", "limits.maxPages=10", "--resume", "--set", "limits.maxPages=20"))
                .isZero();
        assertThat(last.report().at("/accounting/ok").asLong()).as("the last limit counts").isEqualTo(20);
    }

    @Test
    void aCrawlWhoseHostsAreCutIsResumedWithAHigherLimit() throws IOException {
        CommandRun first = new CommandRun(folder);
        assertThat(first.crawl(job("7"), "--set", "limits.maxPages=1000", "--set", "limits.maxPagesPerHost=3"))
                .as(first.err())
                .isZero();
        assertThat(first.report().at("/finishReason").asString()).isEqualTo("maxPages");
        assertThat(first.report().at("/cut/mostByHost/0/ok").asLong()).isEqualTo(3);
        assertThat(first.err()).containsPattern("limits\\.maxPagesPerHost has cut off 1 host\n    \\S+: 3 pages ok, ")
                .containsPattern("\n  resume  .* --set limits\\.maxPagesPerHost=6 --resume\n");

        CommandRun same = new CommandRun(folder);
        assertThat(same.crawl(job("7"), "--set", "limits.maxPages=1000", "--set", "limits.maxPagesPerHost=3",
                "--resume")).as(same.err()).isZero();
        assertThat(same.report().at("/accounting")).isEqualTo(first.report().at("/accounting"));
        CommandRun more = new CommandRun(folder);
        assertThat(more.crawl(job("7"), "--set", "limits.maxPages=1000", "--set", "limits.maxPagesPerHost=6",
                "--resume")).as(more.err()).isZero();
        assertThat(more.report().at("/accounting/ok").asLong()).isEqualTo(6);
    }

    @Test
    void aCrawlWhoseLabelIsCutIsResumedWithAHigherLimit() throws IOException {
        List<String> labelled = List.of("--set", "limits.maxPages=1000", "--set",
                "follow=[{standard: true, label: \"a page\"}]");
        CommandRun first = new CommandRun(folder);
        assertThat(first.crawl(job("7"), with(labelled, "--set", "limits.maxPagesPerLabel.\"a page\"=3")))
                .as(first.err())
                .isZero();
        assertThat(first.report().at("/finishReason").asString()).isEqualTo("maxPages");
        assertThat(first.report().at("/cut/labels/0/label").asString()).isEqualTo("a page");
        assertThat(first.report().at("/cut/labels/0/ok").asLong()).isEqualTo(3);
        assertThat(first.err())
                .containsPattern("limits\\.maxPagesPerLabel has cut off 1 label\n    a page: 3 pages ok, ")
                .contains(" --set 'limits.maxPagesPerLabel.\"a page\"=6' --resume\n");

        CommandRun more = new CommandRun(folder);
        assertThat(more.crawl(job("7"), with(labelled, "--set", "limits.maxPagesPerLabel.\"a page\"=6", "--resume")))
                .as(more.err())
                .isZero();
        assertThat(more.report().at("/accounting/ok").asLong()).isEqualTo(7);
    }

    private static String[] with(List<String> some, String... more) {
        return Stream.concat(some.stream(), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void reportIsAsItWasWhereTheRunCannotBegin() throws IOException {
        assertThat(new CommandRun(folder).crawl(job("7"))).isZero();
        Map<String, String> before = files();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CommandRun run = new CommandRun(folder);
            assertThat(run.crawl(job("7"), "--resume", "--metrics-port", String.valueOf(taken.getLocalPort())))
                    .as(run.err())
                    .isEqualTo(2);
            assertThat(files()).isEqualTo(before);
            run = new CommandRun(folder);
            assertThat(run.crawl(job("7"), "--metrics-port", String.valueOf(taken.getLocalPort()))).isEqualTo(2);
            assertThat(files().get("report.json")).as("without --resume the crawl starts anew").contains("\"failed\"");
        }
    }

    /** There is no report to keep, and none of a crawl that did not begin. */
    @Test
    void whereNoReportLiesNoneIsMade() throws IOException {
        assertThat(new CommandRun(folder).crawl(job("7"))).isZero();
        Files.delete(folder.resolve("report.json"));

        assertThat(new CommandRun(folder).crawl(job("6"), "--resume")).isEqualTo(2);
        assertThat(folder.resolve("report.json")).doesNotExist();
    }

    private Map<String, String> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> !file.endsWith("job.yaml"))
                    .collect(Collectors.toMap(file -> file.getFileName().toString(), RefusedResumeTest::content,
                            (first, _) -> first, TreeMap::new));
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
