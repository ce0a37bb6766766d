package fanout.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of jobs that are not valid. */
class JobProblemsTest {

    @Test
    void allProblemsAreReportedAtOnceWithTheirPlaces() {
        assertThat(JobFiles.problems("""
                name: a b
                startUrls:
                  - ftp://127.0.0.1/
                  - http://user:secret@127.0.0.1/
                limits:
                  maxPages: 0
                  maxDuraton: 1h
                politeness: {delay: 250, maxDelay: soon}
                scope: {include: ["(a"], allowedDomains: [a/b]}
                follow: [{css: "a["}]
                extract:
                  - name: x
                    fields:
                      f: {xpath: "//["}
                      g: {css: a, type: strng}
                http: {headers: {Host: a, X-A: 5}}
                output: {pages: a.txt}
                concurency: 5
                """)).satisfiesExactly(
                p -> assertThat(p).startsWith("job.yaml:1:7: name must be 1 to 100 letters"),
                p -> assertThat(p).startsWith("job.yaml:3:5: startUrls must be an absolute http or https URL"),
                p -> assertThat(p).startsWith("job.yaml:4:5: startUrls must be an absolute http or https URL")
                        .doesNotContain("secret"),
                p -> assertThat(p).startsWith("job.yaml:6:13: maxPages must be between 1 and"),
                p -> assertThat(p).isEqualTo("job.yaml:7:3: unknown key \"maxDuraton\"; did you mean \"maxDuration\"?"),
                p -> assertThat(p).startsWith("job.yaml:8:21: delay must be a duration").endsWith("not 250"),
                p -> assertThat(p).startsWith("job.yaml:8:36: maxDelay must be a duration"),
                p -> assertThat(p).startsWith("job.yaml:9:19: not an RE2 pattern: \"(a\""),
                p -> assertThat(p).startsWith("job.yaml:9:43: not a domain"),
                p -> assertThat(p).startsWith("job.yaml:10:16: not a CSS selector: a["),
                p -> assertThat(p).startsWith("job.yaml:14:18: not an XPath expression: //["),
                p -> assertThat(p).startsWith("job.yaml:15:25: type must be one of string, number"),
                p -> assertThat(p).startsWith("job.yaml:16:24: http.headers.Host is set by the HTTP client"),
                p -> assertThat(p).isEqualTo("job.yaml:16:32: X-A must be text, not 5; as text it is written \"5\""),
                p -> assertThat(p).startsWith("job.yaml:17:17: \"a.txt\" must end in .jsonl or .csv"),
                p -> assertThat(p)
                        .isEqualTo("job.yaml:18:1: unknown key \"concurency\"; did you mean \"concurrency\"?"));
    }

    @Test
    void whatIsNoParameterOrExtensionIsSaidAtItsPlace() {
        assertThat(JobFiles.problems("""
                name: docs
                startUrls: ["http://127.0.0.1:8081/"]
                scope:
                  dropParameters: [sid, " ", %s]
                  skipExtensions: [pdf, .pdf, tar.gz]
                  followDuplicate: true
                """.formatted("x".repeat(101)))).satisfiesExactly(
                p -> assertThat(p)
                        .startsWith("job.yaml:4:25: an element of dropParameters must be the name of a parameter"),
                p -> assertThat(p).startsWith("job.yaml:4:30: an element of dropParameters must"),
                p -> assertThat(p).startsWith("job.yaml:5:25: an element of skipExtensions must be an ending without"),
                p -> assertThat(p).startsWith("job.yaml:5:31: an element of skipExtensions must be an ending without"),
                p -> assertThat(p).isEqualTo(
                        "job.yaml:6:3: unknown key \"followDuplicate\"; did you mean \"followDuplicates\"?"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a: 1\\na: 2                    | 2:1: duplicate key "a"; first at line 1
            a: &x 1\\nb: *x                | 2:4: aliases are not allowed: *x
            a: !!str 1                     | 1:4: tags are not allowed
            a: 1\\n---\\nb: 2              | 2:1: a second document begins here
            a: [                           | 1:5: not valid YAML
            - a                            | 1:1: a job must be a mapping, as in name: docs, not a list
            # nothing                      | 1:1: is empty
            ? [a]\\n: 1                    | 1:3: a key must be text, not a list
            startUrls: []                  | 1:1: "name" is missing
            name: docs                     | 1:1: "startUrls" or "startUrlsFile" or "sitemaps" is missing
            name: a/b                      | name must be 1 to 100 letters
            version: 2                     | 1:10: version must be 1, not 2
            extract: [{fields: {}}]        | 1:11: "name" is missing
            extract: [{name: a, fields: {b: {}}}] | b needs one of css, xpath, json, value, from, article, fields
            limits: []                     | limits must be a mapping, not a list
            limits: {maxPages: 1.5}        | maxPages must be a whole number, not 1.5
            limits: {maxPages: 99999999999999999999} | maxPages must be between
            limits: {maxBodySize: 2MB}     | maxBodySize must be a size
            limits: {maxDuration: 0s}      | maxDuration must be a duration longer than 0
            politeness: {obeyRobots: yes}  | obeyRobots must be true or false, not "yes"
            retries: {backoff: 2m}         | retries.maxBackoff must be at least
            http: {proxy: "https://a:1"}   | proxy must be the URL of an HTTP proxy
            network: {allowedCidrs: [a]}   | 1:26:
            output: {pages: a.jsonl, items: ./a.jsonl} | items and pages are both written to
            output: {pages: "-", items: "-"} | items and pages are both written to "-"
            <<: {a: 1}                     | unknown key "<<"
            """)
    void whatIsWrongIsRefused(String job, String problem) {
        assertThat(JobFiles.problems(job.replace("\\n", "\n"))).anyMatch(found -> found.contains(problem));
    }

    /** One mistake is one problem, and no other for what the mistake hides. */
    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    startUrls: []\\nstartUrlsFile: no/such | 3:16: cannot read startUrlsFile no/such: no such file or directory
                    startUrls: [null]                      | 2:13: an element of startUrls is empty; give it a value, or take it out
                    sitemaps: [http://a.example/]\\nextract: [{name: x, fields: {y: [1]}}] | 3:33: y must be a mapping, as in {css: "h1"}, not a list; leave the "- " or the brackets out
                    sitemaps: [http://a.example/]\\nx-a: {!!str b: c} | 3:7: tags are not allowed: !!str; leave it out
                    """)
    void oneMistakeIsOneProblem(String job, String problem) {
        assertThat(JobFiles.problems("name: a\n" + job.replace("\\n", "\n"))).containsExactly("job.yaml:" + problem);
    }

    @Test
    void escapeThatDoesNotEndIsOneProblem() {
        assertThat(JobFiles.problems("name: a\nsitemaps: auto\nx-a: \"\\x")).singleElement()
                .asString()
                .endsWith("not valid YAML: the document ends in the middle of an escape");
    }

    @Test
    void lineBreakBehindANameIsNoPartOfIt() {
        assertThat(JobFiles.problems("name: \"a\\n\"\nsitemaps: auto\n")).singleElement()
                .asString()
                .startsWith("job.yaml:1:7: name must be 1 to 100 letters");
    }

    @Test
    void twoMistakesAreTwoProblems() {
        assertThat(JobFiles.problems("name: a\nstartUrls: []\nlimits: {maxPages: 0}\n")).hasSize(2)
                .anyMatch(problem -> problem.contains("maxPages"))
                .anyMatch(problem -> problem.contains("startUrls"));
    }

    @Test
    void commentInBracketsIsSeenInTheFirstLineToo() {
        assertThat(JobFiles.problems("startUrls: [a, #b]\nname: docs\n")).anySatisfy(
                problem -> assertThat(problem).endsWith("# begins a comment: put the value of line 1 in quotes"));
    }

    @Test
    void valuesAreCutBehindSixtyCharacters() {
        String sixty = "\u00e9".repeat(59) + "\ud83d\ude00";
        assertThat(JobFiles.problems(JobFiles.SMALL + "limits: {maxPages: " + sixty + "}\n")).singleElement()
                .asString()
                .contains("not \"" + sixty + "\"");
        assertThat(JobFiles.problems(JobFiles.SMALL + "limits: {maxPages: " + sixty + "b}\n")).singleElement()
                .asString()
                .contains("not \"" + sixty + "\u2026\"");
    }

    @Test
    void highestPortIsNoProblem() {
        assertThat(JobFiles.problems("name: a\nstartUrls: [\"http://a b:65535/\"]\n")).singleElement()
                .asString()
                .doesNotContain("port");
        assertThat(JobFiles.problems("name: a\nstartUrls: [\"http://a:65536/\"]\n")).singleElement()
                .asString()
                .endsWith("the port must be between 1 and 65535");
    }

    @Test
    void whatDoesNotFitTogetherIsSaidAlongWithAllElse() {
        assertThat(JobFiles.problems("""
                name: x
                startUrls: ["http://127.0.0.1:1/"]
                retries: {maxAttempts: 0, backoff: 60s, maxBackoff: 1s}
                politeness: {perHostConcurrency: no, delay: 60s, hosts: {a.org: {maxDelay: 2s, autoThrottle: 5}}}
                """)).satisfiesExactlyInAnyOrder(
                problem -> assertThat(problem).startsWith("job.yaml:3:24: maxAttempts must be "),
                problem -> assertThat(problem)
                        .isEqualTo("job.yaml:3:53: retries.maxBackoff must be at least retries.backoff, 1m, not 1s"),
                problem -> assertThat(problem).startsWith("job.yaml:4:34: perHostConcurrency must be "),
                problem -> assertThat(problem).startsWith("job.yaml:4:76: politeness.maxDelay must be at least"),
                problem -> assertThat(problem).contains("autoThrottle must be "));
    }

    @Test
    void aDefaultInPlaceOfWhatWasRefusedIsNoProblem() {
        assertThat(JobFiles.problems(JobFiles.SMALL + "retries: {backoff: 60s, maxBackoff: none}\n")).singleElement()
                .asString()
                .contains("maxBackoff must be a duration");
    }

    @Test
    void hugeAndDeepFilesAreRefused() {
        assertThat(JobFiles.problems(JobFiles.SMALL + "x-a: " + "a".repeat(1 << 20)))
                .containsExactly("job.yaml:1:1: is longer than 1 MiB");
        assertThat(JobFiles.problems(JobFiles.SMALL + "x-a: " + "[".repeat(49) + "]".repeat(49))).isEmpty();
        assertThat(JobFiles.problems(JobFiles.SMALL + "x-a: " + "[".repeat(50) + "]".repeat(50)).getFirst())
                .contains("nested deeper than 50 levels");
        assertThat(JobFiles.problems(JobFiles.SMALL + "x-a: " + "[".repeat(100_000)).getFirst())
                .contains("nested deeper than 50 levels");
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        BadJobException refused =
                catchThrowableOfType(BadJobException.class, () -> JobFiles.read(new byte[]{'a', (byte) 0xff}));
        assertThat(refused.problems()).containsExactly("job.yaml:1:1: is not UTF-8; save it as UTF-8");
    }
}
