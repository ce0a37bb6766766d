package fanout.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import fanout.job.CrawlJob;
import fanout.job.FollowRule;
import fanout.job.Http;
import fanout.job.SecretRules;
import fanout.job.SecretText;
import fanout.job.Session;
import fanout.job.WrittenJob;
import fanout.page.Request;
import fanout.page.Request.Details;
import fanout.page.Request.References;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets that the requests of a job refer to, from the environment or from a service. */
class JobSecretsTest {

    private static final Map<String, String> ENVIRONMENT = Map.of("KEY", "hush&\"", "LINES", "hush\nhush");

    private static CrawlJob read(String job) throws BadJobException, IOException {
        return JobFiles.read(JobFiles.SMALL.replaceAll("startUrls:.*\n", "") + job, List.of(), Map.of(), ENVIRONMENT)
                .job();
    }

    private static List<String> problems(String job) {
        return catchThrowableOfType(BadJobException.class, () -> read(job)).problems();
    }

    private static SecretRules rules(CrawlJob job) {
        return new SecretRules(job.start(), job.parsing(), job.session(), job.http().secrets());
    }

    private static String resolved(CrawlJob job, String text, References place) {
        return rules(job).resolved(new SecretText(text), place);
    }

    @Test
    void requestsKeepTheirReferences() throws Exception {
        CrawlJob job =
                read("""
                        startUrls:
                          - {url: "http://127.0.0.1/a", method: POST, form: {a: "$${x} $ ${KEY}", "b$": [1, "$"]}}
                          - {url: "http://127.0.0.1/b", method: POST, headers: {X-A: "${KEY}"}, json: {"$$k": ["${KEY}", 1, "$"]}}
                          - {url: "http://127.0.0.1/c", method: POST, contentType: text/plain, body: "$${KEY}${KEY}"}
                          - {url: "http://127.0.0.1/d", method: POST, form: {a: "$${KEY}"}}
                        http: {headers: {X-B: "${KEY}", X-C: "$$ $${KEY}"}}
                        """);

        List<Details> sent = job.start().urls().stream().map(Request::details).toList();
        assertThat(sent).extracting(Details::references)
                .containsExactly(References.IN_FORM, References.IN_JSON, References.IN_TEXT, References.NONE);
        assertThat(sent.getFirst().body().orElseThrow().text()).isEqualTo("a=%24%7Bx%7D+%24+${KEY}&b%24=1&b%24=%24");
        assertThat(resolved(job, sent.get(1).body().orElseThrow().text(), References.IN_JSON))
                .isEqualTo("{\"$$k\":[\"hush&\\\"\",1,\"$\"]}");
        assertThat(sent.get(1).headers()).containsEntry("X-A", "${KEY}");
        assertThat(resolved(job, sent.get(2).body().orElseThrow().text(), References.IN_TEXT))
                .isEqualTo("${KEY}hush&\"");
        assertThat(sent.getLast().body().orElseThrow().text()).isEqualTo("a=%24%7BKEY%7D");
        assertThat(job.http().headers()).containsEntry("X-B", "${KEY}").containsEntry("X-C", "$$$$ $${KEY}");
        assertThat(resolved(job, "$$$$ $${KEY}", References.IN_TEXT)).isEqualTo("$$ ${KEY}");
        assertThat(job + WrittenJob.of(job).toString()).doesNotContain("hush");
    }

    @Test
    void templatesKeepTheirReferencesAmongPlaceholders() throws Exception {
        CrawlJob job = read("""
                startUrls: ["http://127.0.0.1/"]
                follow:
                  - request: {url: "/a?{v}", method: POST, headers: {X-A: "${KEY} {v}"}, json: {a: "${KEY}", b: "{v}"}}
                    values: {v: {css: p}}
                """);

        FollowRule.Template template = (FollowRule.Template) job.parsing().follow().orElseThrow().getFirst().source();
        assertThat(template.request().refersToSecrets()).isTrue();
        assertThat(template.request().names()).containsExactly("v");
    }

    @Test
    void formsKeepTheirReferences() throws Exception {
        CrawlJob job = JobFiles.read("""
                name: test
                startUrls: ["http://127.0.0.1/"]
                follow:
                  - {form: "${PICK}", submit: "${PICK}", fields: {key: "${KEY}", price: "$$ $${KEY}", q: ["$", 1]}}
                  - {form: form, fields: {price: "$ $${KEY}"}}
                session:
                  login: ["http://127.0.0.1/", {form: "${PICK}", submit: "${PICK}"}]
                """, List.of(), Map.of(), Map.of("KEY", "hush", "PICK", "#pick")).job();

        List<FollowRule.Form> forms = job.parsing()
                .follow()
                .orElseThrow()
                .stream()
                .map(rule -> (FollowRule.Form) rule.source())
                .toList();
        assertThat(forms).extracting(FollowRule.Form::refersToSecrets).containsExactly(true, false);
        assertThat(forms.getFirst().fill().form().expression()).isEqualTo("#pick");
        assertThat(forms.getFirst().fill().fields()).isEqualTo(Map.of("key", List.of("${KEY}"), "price",
                List.of("$$$$ $${KEY}"), "q", List.of("$$", "1")));
        assertThat(forms.getLast().fill().fields()).isEqualTo(Map.of("price", List.of("$ ${KEY}")));
        Session.Submit login = (Session.Submit) job.session().orElseThrow().login().getLast();
        assertThat(login.fill().form().expression()).isEqualTo("#pick");
        assertThat(job.http().secrets().byName()).containsOnlyKeys("KEY");
        assertThat(job + WrittenJob.of(job).toString()).doesNotContain("hush");
    }

    @Test
    void aSecretThatCannotBeSentIsNamedWithItsPlace() {
        List<String> problems = problems("""
                startUrls:
                  - {url: "http://127.0.0.1/a", headers: {X-A: "${LINES}", X-B: "${NOBODY}"}}
                  - {url: "http://127.0.0.1/b", method: POST, body: "${LINES}${NOBODY}", contentType: text/plain}
                http: {headers: {X-A: "a ${LINES}"}, proxy: "http://u:${NOBODY}@127.0.0.1:1"}
                follow:
                  - {request: {url: /a, headers: {X-C: "${LINES}"}}}
                  - {form: form, fields: {a: "${KEY}", b: ["${KEY}", "${LINES}"]}}
                """);

        assertThat(problems).noneMatch(problem -> problem.contains("hush"))
                .anyMatch(problem -> problem.contains("headers.X-A must be printable ASCII, which the secret LINES is "
                        + "not: character 5 is U+000A"))
                .anyMatch(
                        problem -> problem.contains("http.headers.X-A must be printable ASCII, which the secret LINES"))
                .anyMatch(problem -> problem.contains("headers.X-C must be printable ASCII, which the secret LINES"));
        assertThat(problems).contains("job.yaml:8:54: fields.b must have no line break, as the secret LINES has; send "
                + "it by a request with form");
        assertThat(problems.stream().filter(problem -> problem.contains("the environment variable NOBODY is not set")))
                .hasSize(3);
        assertThat(problems).hasSize(7);
    }

    @Test
    void whatIsNotSentIsReplacedOnceAtTheStart() throws Exception {
        CrawlJob job = JobFiles.read("""
                name: "${NAME}"
                startUrls: [{url: "http://127.0.0.1/${NAME}", label: "${NAME}", data: {a: "${NAME}"}}]
                http: {proxy: "http://u:${KEY}@127.0.0.1:1"}
                extract: [{name: json, fields: {json: {css: "${NAME}"}}}]
                """, List.of(), Map.of(), Map.of("NAME", "docs", "KEY", "hush")).job();

        Request start = job.start().urls().getFirst();
        assertThat(start.url()).hasToString("http://127.0.0.1/docs");
        assertThat(start.details()).isEqualTo(Details.of(Map.of("a", "docs")));
        assertThat(job.http().secrets().isEmpty()).isTrue();
        assertThat(job.http().proxy().orElseThrow().login().orElseThrow().password()).isEqualTo("hush");
    }

    // --- a service ---

    private static JobBounds bounds(Path folder) throws BadJobException, IOException {
        Files.writeString(folder.resolve("shop.key"), "hush\n");
        Files.writeString(folder.resolve("lines.key"), "hush\nhush");
        return ServiceSettingsReader.read("service.yaml", """
                secrets:
                  shop: {file: "%s/shop.key", hosts: [example.org, "127.0.0.1:8080"]}
                  lines: {file: "%s/lines.key", hosts: [example.org]}
                """.formatted(folder, folder).getBytes(UTF_8), Map.of()).bounds();
    }

    private static List<String> refused(String job, JobBounds bounds) {
        return catchThrowableOfType(BadJobException.class,
                () -> SubmittedJobReader.read(false, job.getBytes(UTF_8), Optional.empty(), bounds)).problems();
    }

    @Test
    void aJobForAServiceRefersToItsSecrets(@TempDir Path folder) throws Exception {
        JobBounds bounds = bounds(folder);
        CrawlJob job = SubmittedJobReader.read(false, """
                name: test
                startUrls: [{url: "http://example.org/", method: POST, form: {a: "${secret:shop}"}}]
                """.getBytes(UTF_8), Optional.empty(), bounds).job();

        assertThat(job.http().secrets().byName()).containsOnlyKeys("secret:shop");
        assertThat(resolved(job, "${secret:shop}", References.IN_TEXT)).isEqualTo("hush");
        assertThat(rules(job).go(new SecretText("${secret:shop}"), job.start().urls().getFirst().url()))
                .isTrue();
        assertThat(bounds.toString()).doesNotContain("hush");
    }

    @Test
    void aSecretThatDoesNotGoToItsStartUrlIsAWarning(@TempDir Path folder) throws Exception {
        List<String> warnings = SubmittedJobReader.read(false, """
                name: test
                startUrls:
                  - {url: "http://example.org/", headers: {X-A: "${secret:shop}"}}
                  - {url: "http://www.example.org/a", headers: {X-A: "${secret:shop}"}}
                  - {url: "http://www.example.org/b", method: POST, form: {a: "${secret:shop}"}}
                  - "http://127.0.0.1:8081/"
                """.getBytes(UTF_8), Optional.empty(), bounds(folder)).warnings();

        assertThat(warnings).filteredOn(warning -> warning.contains("secret"))
                .containsExactly("job.yaml:3:3: the secret secret:shop does not go to http://www.example.org; the "
                        + "configuration of the service names its hosts");
    }

    private static JobBounds behindAProxy(Path folder) throws BadJobException, IOException {
        Http.Proxy proxy = new Http.Proxy("example.org", 3128, Optional.of(new Http.Login("service", "own")));
        JobBounds bounds = bounds(folder);
        return new JobBounds(bounds.limits(), bounds.network(), Optional.of(proxy), bounds.secrets());
    }

    @Test
    void theProxyOfAServiceGetsASecretThatGoesToIt(@TempDir Path folder) throws Exception {
        String job = "name: test\nstartUrls: [\"http://example.org/\"]\nhttp: {proxy: \"%s\"}\n";
        JobBounds bounds = behindAProxy(folder);

        for (Map.Entry<String, Http.Login> expected : Map
                .of("http://${secret:shop}:$%24${secret:shop}:@example.org:3128", new Http.Login("hush", "$$hush:"),
                        "http://$${secret%20shop}x@example.org:3128", new Http.Login("${secret shop}x", ""),
                        "http://me:x@example.org:3128", new Http.Login("me", "x"),
                        "http://example.org:3128", new Http.Login("service", "own"))
                .entrySet()) {
            JobFile read = SubmittedJobReader.read(false, job.formatted(expected.getKey()).getBytes(UTF_8),
                    Optional.empty(), bounds);
            assertThat(read.job().http().proxy().orElseThrow().login()).contains(expected.getValue());
            assertThat(read.toString()).doesNotContain("hush");
        }
        assertThat(refused(job.formatted("http://me:${secret:lines}@127.0.0.1:3128"), bounds)).containsExactly(
                "job.yaml:3:15: the secret secret:lines does not go to http.proxy, 127.0.0.1:3128; the configuration "
                        + "of the service names its hosts");
        assertThat(refused(job.formatted("http://${secret:shop}/"), bounds)).singleElement()
                .asString()
                .contains("proxy must be the URL of an HTTP proxy");
        assertThat(refused(job.formatted("http://me:${KEY}@example.org:3128"), bounds)).singleElement()
                .asString()
                .contains("${…} is not replaced in a job for a service");
    }

    @Test
    void headersOfASessionKeepTheirReferences(@TempDir Path folder) throws Exception {
        String job = """
                name: test
                startUrls: ["http://example.org/"]
                session:
                  login: [{url: "http://example.org/", values: {token: {css: p}}}]
                  headers: {X-A: "${secret:%s} {token}", X-B: "$ {token}"}
                """;
        Session.Headers headers = SubmittedJobReader
                .read(false, job.formatted("shop").getBytes(UTF_8), Optional.empty(), bounds(folder))
                .job()
                .session()
                .orElseThrow()
                .headers();

        assertThat(headers).isEqualTo(new Session.Headers(
                Map.of("X-A", "${secret:shop} {token}", "X-B", "$$ {token}"), true));
        assertThat(refused(job.formatted("lines"), bounds(folder))).containsExactly("job.yaml:5:18: headers.X-A must "
                + "be printable ASCII, which the secret secret:lines is not: character 5 is U+000A");
    }

    @Test
    void otherReferencesAreRefusedInAService(@TempDir Path folder) throws Exception {
        List<String> problems =
                refused("""
                        name: "${secret:shop}"
                        startUrls: [{url: "http://example.org/", headers: {X-A: "${KEY}", X-B: "${secret:none}", X-C: "${secret:lines}"}}]
                        http: {headers: {X-D: "${secret:shop", Authorization: "***"}}
                        scope: {include: ["${KEY}"]}
                        """,
                        bounds(folder));

        assertThat(problems).hasSize(7)
                .anyMatch(problem -> problem.contains("*** is what a service shows instead of a login or key"))
                .noneMatch(problem -> problem.contains("hush"))
                .anyMatch(problem -> problem.startsWith("job.yaml:1:7: ${secret:…} is replaced only in what is sent"))
                .anyMatch(problem -> problem.contains("this service has no secret none; its configuration names them"))
                .anyMatch(problem -> problem.contains("headers.X-C must be printable ASCII, which the secret "
                        + "secret:lines is not: character 5 is U+000A"));
        assertThat(problems.stream().filter(problem -> problem.contains("${…} is not replaced in a job for a service")))
                .hasSize(2);
    }

    @Test
    void aSecretOfAServiceNeedsAFileAndHosts(@TempDir Path folder) throws IOException {
        Files.write(folder.resolve("odd"), new byte[]{'h', 'u', 's', 'h', (byte) 0xff});
        Files.writeString(folder.resolve("empty"), "\n");
        List<String> problems = catchThrowableOfType(BadJobException.class,
                () -> ServiceSettingsReader.read("s.yaml", """
                        secrets:
                          a: {file: "%1$s/none", hosts: [example.org]}
                          b: {file: "%1$s/odd", hosts: [example.org]}
                          c: {file: "%1$s/empty", hosts: ["a/b"]}
                          1d: {file: "%1$s/empty", hosts: [a]}
                          e: {file: "%1$s/empty", hosts: []}
                          f: {hosts: [a]}
                        """.formatted(folder).getBytes(UTF_8), Map.of())).problems();

        assertThat(problems).noneMatch(problem -> problem.contains("hush"))
                .anyMatch(problem -> problem.startsWith("s.yaml:2:13: cannot read file " + folder + "/none: "))
                .anyMatch(problem -> problem.equals("s.yaml:3:13: file " + folder + "/odd is not UTF-8"))
                .anyMatch(problem -> problem.equals("s.yaml:4:13: file " + folder + "/empty is empty"))
                .anyMatch(problem -> problem.startsWith("s.yaml:4:") && problem.contains("not a domain"))
                .anyMatch(problem -> problem.startsWith("s.yaml:5:3: a secret is called by"))
                .anyMatch(problem -> problem.startsWith("s.yaml:6:") && problem.contains("hosts"))
                .anyMatch(problem -> problem.startsWith("s.yaml:7:") && problem.contains("file"));
    }
}
