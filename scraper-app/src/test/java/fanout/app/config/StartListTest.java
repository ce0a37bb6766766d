package fanout.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.job.CrawlJob;
import fanout.job.Start;
import fanout.page.Request;
import fanout.page.Request.Details;
import fanout.page.Request.Method;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists of start requests, in each of their three forms. */
class StartListTest {

    @TempDir
    private Path folder;

    private String write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static String job(String file, String more) {
        return "name: docs\nstartUrlsFile: {path: \"" + file + "\"" + more + "}\n";
    }

    private static List<Request> requests(CrawlJob job) {
        return job.start().urls();
    }

    @Test
    void aTableHasUrlLabelAndPriorityAndTheRestIsData() throws Exception {
        String file = write("list.CSV", """
                \uFEFFcategory,url,priority,label,note\r
                garden,http://127.0.0.1/a,5,product,"says ""hi"",\r
                and more"\r
                ," http://127.0.0.1/b ",,,
                \r
                x,http://127.0.0.1/c#top, -1 , ,""\
                """);

        List<Request> requests = requests(JobFiles.read("name: docs\nstartUrlsFile: " + file + "\n").job());

        assertThat(requests).extracting(request -> request.url().pathAndQuery()).containsExactly("/a", "/b", "/c");
        assertThat(requests.get(0).label()).contains("product");
        assertThat(requests.get(0).details().priority()).isEqualTo(5);
        assertThat(requests.get(0).details().data())
                .isEqualTo(Map.of("category", "garden", "note", "says \"hi\",\r\nand more"));
        assertThat(requests.get(1)).isEqualTo(Request.start(requests.get(1).url(), Optional.empty()));
        assertThat(requests.get(1).details()).isSameAs(Details.NONE);
        assertThat(requests.get(2).details().priority()).isEqualTo(-1);
        assertThat(requests.get(2).label()).isEmpty();
        assertThat(requests.get(2).details().data()).isEqualTo(Map.of("category", "x"));
    }

    @Test
    void everyBadRowIsNamedWithItsLine() throws Exception {
        String file = write("list.csv", """
                url,priority
                http://127.0.0.1/,"
                1"
                example.org,1
                http://127.0.0.1/,1,2
                http://127.0.0.1/,high
                http://127.0.0.1/,2147483648
                http://127.0.0.1/,"1
                2
                """);

        assertThat(JobFiles.problems(job(file, ""))).containsExactly(
                "job.yaml:2:23: " + file + ", line 4: url must be an absolute http or https URL without user name and "
                        + "password, not \"example.org\"; did you mean \"https://example.org\"?",
                "job.yaml:2:23: " + file + ", line 5: has 3 cells, but there are 2 columns",
                "job.yaml:2:23: " + file
                        + ", line 6: priority must be a whole number between -2147483648 and 2147483647, "
                        + "not \"high\"",
                "job.yaml:2:23: " + file
                        + ", line 7: priority must be a whole number between -2147483648 and 2147483647, "
                        + "not \"2147483648\"",
                "job.yaml:2:23: " + file + ", line 8: a quotation mark is not closed",
                "job.yaml:2:23: " + file + ", line 9: has 1 cells, but there are 2 columns");
    }

    @Test
    void aMistakeInQuotationMarksCostsOneRow() throws Exception {
        String file = write("list.csv",
                """
                        url,x
                        http://127.0.0.1/1,"open
                        http://127.0.0.1/2,"a ""b""
                        c"
                        "http://127.0.0.1/3"x,d
                        http://127.0.0.1/4,""
                        http://127.0.0.1/5,e "f"
                        http://127.0.0.1/6,"open
                        """ + IntStream.range(7, 157)
                        .mapToObj("http://127.0.0.1/%d,g\r\n"::formatted)
                        .collect(Collectors.joining()));

        JobFile read = JobFiles.read(job(file, ", onError: skip"));

        assertThat(requests(read.job())).extracting(request -> request.url().pathAndQuery())
                .startsWith("/2", "/4", "/5", "/7")
                .hasSize(153);
        assertThat(requests(read.job())).extracting(request -> request.details().data())
                .startsWith(Map.of("x", "a \"b\"\nc"), Map.of(), Map.of("x", "e \"f\""), Map.of("x", "g"));
        assertThat(read.job().start().skipped().first()).containsExactly(
                file + ", line 2: there is text behind a closing quotation mark",
                file + ", line 5: there is text behind a closing quotation mark",
                file + ", line 8: a quotation mark is not closed");
    }

    @ParameterizedTest
    @CsvSource({"csv,'url\n\"http://127.0.0.1/'", "txt,http://127.0.0.1/", "jsonl,'{\"url\":\"http://127.0.0.1/'"})
    void aLineThatIsTooLongIsSkippedAndNotKept(String kind, String start) throws Exception {
        String good = kind.equals("jsonl") ? "\n{\"url\":\"http://127.0.0.1/b\"}\n" : "\nhttp://127.0.0.1/b\n";
        String file = write("list." + kind, start + "x".repeat(3 << 20) + good);

        JobFile read = JobFiles.read(job(file, ", onError: skip"));

        assertThat(requests(read.job())).extracting(request -> request.url().pathAndQuery()).containsExactly("/b");
        assertThat(read.job().start().skipped().first()).singleElement().asString().endsWith(": is longer than 1 MiB");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"label,priority|'url'", "url,a,url|'each once'", "'url;label'|'url;label'"})
    void aTableMustNameItsColumns(String head, String said) throws Exception {
        String file = write("list.csv", head + "\nhttp://127.0.0.1/,b,c\n");

        for (String more : List.of("", ", onError: skip")) {
            assertThat(JobFiles.problems(job(file, more))).singleElement()
                    .asString()
                    .contains(file + ", line 1: must name the columns, each once, and one of them url; it is \"" + head)
                    .contains(said.replace("each once", "each once,"));
        }
    }

    @Test
    void dataThatAreTooLongAreABadRow() throws Exception {
        String columns = IntStream.range(0, 65).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
        String file = write("list.csv", "url," + columns + "\nhttp://127.0.0.1/" + ",x".repeat(65) + "\n");

        assertThat(JobFiles.problems(job(file, ""))).singleElement()
                .asString()
                .contains("line 2: data must have at most 64 names");
    }

    @Test
    void jsonLinesAreRequests() throws Exception {
        String file = write("list.jsonl", """
                {"url": "http://127.0.0.1/a", "method": "POST", "json": {"q": [1, null]}, "label": "list", "x-mine": 1}

                "http://127.0.0.1/b"
                {"url": "http://127.0.0.1/c", "data": {"n": 1}, "priority": 3}
                """);

        List<Request> requests = requests(JobFiles.read(job(file, "")).job());

        assertThat(requests).extracting(request -> request.url().pathAndQuery()).containsExactly("/a", "/b", "/c");
        assertThat(requests.getFirst().details().method()).isEqualTo(Method.POST);
        assertThat(requests.getFirst().details().body().orElseThrow().text()).isEqualTo("{\"q\":[1,null]}");
        assertThat(requests.getFirst().label()).contains("list");
        assertThat(requests.getLast().details().data()).isEqualTo(Map.of("n", 1L));
    }

    @Test
    void everyBadJsonLineIsNamedWithLineAndColumn() throws Exception {
        String file = write("list.jsonl", """
                {"url": "http://127.0.0.1/a"
                {"url": "http://127.0.0.1/a", "methd": "POST"}
                {"label": "a"}
                ["http://127.0.0.1/a"]
                {"url": "http://127.0.0.1/a", "form": {"q": "a"}}
                null
                """);

        List<String> problems = JobFiles.problems(job(file, ""));

        assertThat(problems).hasSize(6).allMatch(problem -> problem.startsWith("job.yaml:2:23: " + file + ", line "));
        assertThat(problems.get(0)).contains("line 1, column ", "JSON");
        assertThat(problems.get(1)).endsWith("line 2, column 31: unknown key \"methd\"; did you mean \"method\"?");
        assertThat(problems.get(2)).endsWith("line 3, column 1: \"url\" is missing");
        assertThat(problems.get(3)).contains("line 4, column 1: ");
        assertThat(problems.get(4)).endsWith("line 5, column 31: a GET sends no form in a body; set method: POST");
        assertThat(problems.get(5)).contains("line 6, column 1: ");
    }

    @Test
    void aJsonLineIsNoLongerThanAJob() throws Exception {
        String most = "{\"url\":\"http://127.0.0.1/a\",\"method\":\"POST\",\"json\":\"";
        String file = write("list.jsonl", most + "x".repeat((1 << 20) - most.length() - 2) + "\"}\n"
                + most + "x".repeat((1 << 20) - most.length() - 1) + "\"}\n");

        assertThat(JobFiles.problems(job(file, ""))).containsExactly(
                "job.yaml:2:23: " + file + ", line 2: is longer than 1 MiB");
    }

    @Test
    void badLinesAreSkippedIfTheJobSaysSo() throws Exception {
        String file = write("list.txt", "http://127.0.0.1/a\n" + "no\n".repeat(1_000) + "http://127.0.0.1/b\n");

        JobFile read = JobFiles.read(job(file, ", onError: skip"));

        assertThat(requests(read.job())).hasSize(2);
        Start.SkippedLines skipped = read.job().start().skipped();
        assertThat(skipped.count()).isEqualTo(1_000);
        assertThat(skipped.first()).hasSize(20)
                .first()
                .isEqualTo(file + ", line 2: must be an absolute http or https URL without user name and password, "
                        + "not \"no\"");
        assertThat(read.warnings()).singleElement()
                .asString()
                .startsWith("job.yaml:2:16: 1000 lines are skipped; the first is " + file + ", line 2: ");
    }

    @Test
    void aListOfBadLinesAloneIsAProblemEvenIfTheyAreSkipped() throws Exception {
        for (String name : List.of("list.txt", "list.csv", "list.jsonl")) {
            String file = write(name, (name.endsWith("csv") ? "url\n" : "") + "no\n");

            assertThat(JobFiles.problems(job(file, ", onError: skip"))).as(name)
                    .singleElement()
                    .asString()
                    .contains("holds no URL in a line without a mistake; the first is in " + file);
        }
    }

    @Test
    void labelsOfAListAreKnownToTheRules() throws Exception {
        String file = write("list.csv", "url,label\nhttp://127.0.0.1/a,product\n");
        String network = """
                network: {allowedCidrs: [127.0.0.0/8]}
                extract: [{name: a, label: %s, fields: {t: {css: h1}}}]
                """;

        assertThat(JobFiles.read(job(file, "") + network.formatted("product")).warnings()).isEmpty();
        assertThat(JobFiles.read(job(file, "") + network.formatted("other")).warnings()).hasSize(1);
    }
}
