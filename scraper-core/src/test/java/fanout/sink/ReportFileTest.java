package fanout.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.outcome.Reason;
import fanout.outcome.Stage;
import fanout.report.Accounting;
import fanout.report.CrawlFailure;
import fanout.report.CrawlReport;
import fanout.report.CrawlReport.Auxiliary;
import fanout.report.CrawlReport.Cut;
import fanout.report.CrawlReport.FailedSitemap;
import fanout.report.CrawlReport.Fetching;
import fanout.report.CrawlReport.FilledField;
import fanout.report.CrawlReport.Follow;
import fanout.report.CrawlReport.Items;
import fanout.report.CrawlReport.Latency;
import fanout.report.CrawlReport.LeftOut;
import fanout.report.CrawlReport.Links;
import fanout.report.CrawlReport.Part;
import fanout.report.CrawlReport.Sitemaps;
import fanout.report.CrawlReport.Timing;
import fanout.report.FinishReason;
import fanout.report.Judgement;
import fanout.report.Judgement.Check;
import fanout.report.Judgement.JudgedRun;
import fanout.report.LeakCheck;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

class ReportFileTest {

    private static final CrawlReport REPORT = new CrawlReport("docs", FinishReason.MAX_DURATION, Optional.empty(),
            new Timing(8, Instant.parse("2026-03-01T12:00:00.0005Z"), Duration.ofMillis(2500),
                    new Latency(Duration.ofNanos(1_234_567), Duration.ofMillis(25), Duration.ofMillis(26),
                            Duration.ofMillis(40)),
                    Map.of(Stage.POLITENESS, 31L, Stage.ROBOTS, 32L, Stage.DNS, 33L, Stage.CONNECT, 34L, Stage.HEADERS,
                            35L,
                            Stage.BODY, 36L, Stage.MEMORY, 37L, Stage.PARSE, 38L, Stage.SINK, 39L)),
            new Accounting(15, 5, 4, 3, 2, 1, Map.of(Reason.TIMEOUT, 3L, Reason.ROBOTS, 2L, Reason.DEADLINE, 1L)),
            new Links(10, 11, 12, 0, List.of(new Follow("json /next", 0, 1, Optional.of("it is a number")),
                    new Follow("css a", 2, 0, Optional.empty())),
                    new LeftOut(41, List.of("urls.csv, line 4: no"))),
            new Items(13, 14, List.of(new FilledField("products", "price", 3, 2),
                    new FilledField("news", "title", 0, 0))),
            new Fetching(1500, 9, new Auxiliary(16, 17), new Sitemaps(18, 19,
                    List.of(new FailedSitemap("http://example.org/s.xml", Reason.HTTP_STATUS, "HTTP status 404"))),
                    new Auxiliary(25, 26), 7),
            new LeakCheck(21, 22, 23, 24, 6));

    @TempDir
    private Path folder;

    /** A job is a text of its user's, and half a character in it must not cost the report. */
    @Test
    void halfACharacterOfTheJobIsReplaced() {
        Links links = new Links(0, 0, 0, 0, List.of(new Follow("css .a\ud83d", 0, 1, Optional.of("\ude00 is no URL"))),
                new LeftOut(1, List.of("\ud83d")));
        CrawlReport report = new CrawlReport(REPORT.job(), REPORT.finishReason(), REPORT.failure(), REPORT.timing(),
                REPORT.accounting(), links, REPORT.items(), REPORT.fetching(), REPORT.leakCheck());

        assertThat(Texts.utf8(ReportFile.bytes(report)))
                .contains("\"entry\" : \"css .a\ufffd\"", "\"example\" : \"\ufffd is no URL\"",
                        "\"first\" : [\n      \"\ufffd\"\n    ]");
    }

    @Test
    void whatLimitsHaveCutOffIsThereIfTheyHave() {
        Cut cut = new Cut(2, List.of(new Part("a.test:80", 43, 42), new Part("b.test:80", 43, 41)),
                List.of(new Part("product", 44, 40)));
        CrawlReport report = new CrawlReport(REPORT.job(), REPORT.finishReason(), REPORT.failure(), REPORT.timing(),
                REPORT.accounting(), REPORT.links(), REPORT.items(), REPORT.fetching(), cut, REPORT.leakCheck());

        assertThat(Texts.utf8(ReportFile.bytes(REPORT))).doesNotContain("\"cut\"");
        assertThat(Texts.utf8(ReportFile.bytes(report))).contains("""
                  "cut" : {
                    "hosts" : 2,
                    "mostByHost" : [
                      {
                        "host" : "a.test:80",
                        "ok" : 43,
                        "skipped" : 42
                      },
                      {
                        "host" : "b.test:80",
                        "ok" : 43,
                        "skipped" : 41
                      }
                    ],
                    "labels" : [
                      {
                        "label" : "product",
                        "ok" : 44,
                        "skipped" : 40
                      }
                    ]
                  },
                  "items" : 13,
                """.indent(0));
    }

    @Test
    void judgementIsWrittenWithEveryCheck() {
        Check pages = new Check("minPages", 9, Optional.of(BigDecimal.valueOf(5)), false, "5 pages");
        Check filled = new Check("filled.a.b", 95, Optional.of(new BigDecimal("94.9")), true, "94.9 %");
        Check change = new Check("maxChangePercent.items", 50, Optional.empty(), true, "13 items");
        Judgement made = new Judgement(true, List.of(pages, filled, change), Optional.of("because"),
                Optional.of(new JudgedRun(Instant.parse("2026-02-28T12:00:00.0012Z"), 7, 8)));

        assertThat(Texts.utf8(ReportFile.bytes(REPORT.withJudgement(made)))).contains("""
                "expectations" : {
                  "judged" : true,
                  "whyNot" : "because",
                  "pages" : 5,
                  "items" : 13,
                  "checks" : [
                    {
                      "expectation" : "minPages",
                      "wanted" : 9,
                      "found" : 5,
                      "holds" : false,
                      "detail" : "5 pages"
                    },
                    {
                      "expectation" : "filled.a.b",
                      "wanted" : 95,
                      "found" : 94.9,
                      "holds" : true,
                      "detail" : "94.9 %"
                    },
                    {
                      "expectation" : "maxChangePercent.items",
                      "wanted" : 50,
                      "found" : null,
                      "holds" : true,
                      "detail" : "13 items"
                    }
                  ],
                  "baseline" : {
                    "startedAt" : "2026-02-28T12:00:00.001Z",
                    "pages" : 7,
                    "items" : 8
                  }
                },
                """.indent(2));
    }

    /** Users' scripts read this: keys are added, and never renamed or moved. */
    @Test
    void aReportHasItsStableKeys() {
        CrawlFailure full = new CrawlFailure(CrawlFailure.Kind.SINK, new IOException("No space left on device"));

        assertThat(Texts.utf8(ReportFile.bytes(REPORT.withFailure(full)))).isEqualTo("""
                {
                  "job" : "docs",
                  "finishReason" : "failed",
                  "failure" : "a sink failed: No space left on device",
                  "runs" : 8,
                  "startedAt" : "2026-03-01T12:00:00.000Z",
                  "elapsedMs" : 2500,
                  "accounting" : {
                    "discovered" : 15,
                    "ok" : 5,
                    "redirected" : 4,
                    "failed" : 3,
                    "skipped" : 2,
                    "cancelled" : 1,
                    "reasons" : {
                      "deadline" : 1,
                      "robots" : 2,
                      "timeout" : 3
                    }
                  },
                  "duplicates" : 10,
                  "outOfScope" : 11,
                  "dropped" : 12,
                  "follow" : [
                    {
                      "entry" : "json /next",
                      "links" : 0,
                      "noLinks" : 1,
                      "example" : "it is a number"
                    },
                    {
                      "entry" : "css a",
                      "links" : 2,
                      "noLinks" : 0,
                      "example" : null
                    }
                  ],
                  "startList" : {
                    "skipped" : 41,
                    "first" : [
                      "urls.csv, line 4: no"
                    ]
                  },
                  "items" : 13,
                  "itemsDropped" : 14,
                  "fields" : [
                    {
                      "rule" : "products",
                      "field" : "price",
                      "items" : 3,
                      "filled" : 2,
                      "percent" : 66.6
                    },
                    {
                      "rule" : "news",
                      "field" : "title",
                      "items" : 0,
                      "filled" : 0,
                      "percent" : null
                    }
                  ],
                  "expectations" : {
                    "judged" : false,
                    "whyNot" : null,
                    "pages" : 5,
                    "items" : 13,
                    "checks" : [ ],
                    "baseline" : null
                  },
                  "bytes" : 1500,
                  "auxiliary" : {
                    "robots" : {
                      "ok" : 16,
                      "failed" : 17
                    },
                    "sitemaps" : {
                      "ok" : 18,
                      "failed" : 19,
                      "failures" : [
                        {
                          "url" : "http://example.org/s.xml",
                          "reason" : "http_status",
                          "detail" : "HTTP status 404"
                        }
                      ]
                    },
                    "logins" : {
                      "ok" : 25,
                      "failed" : 26
                    }
                  },
                  "leakCheck" : {
                    "liveTasks" : 21,
                    "activeConnections" : 22,
                    "openBodies" : 23,
                    "heldLeases" : 24,
                    "undeliveredResults" : 6
                  },
                  "abandonedLookups" : 7,
                  "pagesPerSecond" : 2.000,
                  "latencyMs" : {
                    "p50" : 1.235,
                    "p90" : 25.000,
                    "p99" : 26.000,
                    "max" : 40.000
                  },
                  "peakInFlight" : 9,
                  "deadlineExceeded" : {
                    "politeness" : 31,
                    "robots" : 32,
                    "dns" : 33,
                    "connect" : 34,
                    "headers" : 35,
                    "body" : 36,
                    "memory" : 37,
                    "parse" : 38,
                    "sink" : 39
                  }
                }
                """);
    }

    @Test
    void aReportOfACrawlThatDidNotFailSaysSo() {
        assertThat(Texts.object(Texts.utf8(ReportFile.bytes(REPORT)))).containsEntry("finishReason", "maxDuration")
                .containsEntry("failure", null);
    }

    @Test
    void aReportReplacesTheOldOneAndLeavesNothingElse() throws IOException {
        Path path = folder.resolve("new/report.json");
        ReportFile.prepare(path);
        ReportFile.write(REPORT, path);
        Files.writeString(path, "old");
        ReportFile.write(REPORT, path);

        assertThat(Files.readAllBytes(path)).isEqualTo(ReportFile.bytes(REPORT));
        try (var files = Files.list(path.getParent())) {
            assertThat(files).containsExactly(path);
        }
    }

    /** The new one is whole before it takes the place of the old one. */
    @Test
    void anOldReportStaysIfTheNewOneCannotBeWritten() throws IOException {
        Path path = Files.writeString(folder.resolve("report.json"), "old");
        Files.createFile(Files.createDirectory(folder.resolve(".report.json.part")).resolve("in the way"));

        assertThatThrownBy(() -> ReportFile.write(REPORT, path)).isInstanceOf(IOException.class);

        assertThat(path).hasContent("old");
    }

    @Test
    void aReportGoesWhereALinkPoints() throws IOException {
        Path target = Files.writeString(folder.resolve("target.json"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link.json"), target);

        ReportFile.write(REPORT, link);

        assertThat(link).isSymbolicLink();
        assertThat(Files.readAllBytes(target)).isEqualTo(ReportFile.bytes(REPORT));
    }

    @Test
    void aPlaceThatCannotHoldAReportIsKnownBeforeTheCrawl() throws IOException {
        Path plain = Files.writeString(folder.resolve("plain"), "a file");

        assertThatThrownBy(() -> ReportFile.prepare(plain.resolve("report.json"))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> ReportFile.prepare(folder)).isInstanceOf(IOException.class)
                .hasMessageContaining("is a directory");
    }

    @Test
    @DisabledIfSystemProperty(named = "fanout.mutants", matches = "true",
            disabledReason = "a mutant may replace the device")
    void aFullDiskIsAnException() {
        assertThatThrownBy(() -> ReportFile.write(REPORT, Path.of("/dev/full"))).isInstanceOf(IOException.class);
    }
}
