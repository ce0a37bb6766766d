package fanout.app.config;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import fanout.job.CrawlJob;
import fanout.job.Http;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.tls.HeldCertificate;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that a job names: lists of start URLs, certificates; and the login at a proxy. */
class NamedFilesTest {

    @TempDir
    private Path folder;

    private static ListAssert<String> assertProblems(String job) {
        BadJobException[] bad = new BadJobException[1];
        assertThatExceptionOfType(BadJobException.class).isThrownBy(() -> JobFiles.read(job))
                .satisfies(e -> bad[0] = e);
        return assertThat(bad[0].problems());
    }

    private String write(String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void startUrlsComeFromAFileToo() throws Exception {
        String file = write("urls.txt", "# mine\nhttp://127.0.0.1/a\r\n\n  http://127.0.0.1/b#top  \n");
        CrawlJob job = JobFiles.read("name: docs\nstartUrlsFile: " + file + "\n").job();
        assertThat(job.start().urls()).extracting(start -> start.url().toString())
                .containsExactly("http://127.0.0.1/a", "http://127.0.0.1/b");
        assertThat(JobFiles.read(JobFiles.SMALL + "startUrlsFile: " + file + "\n").job().start().urls()).hasSize(3);
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstUrl() throws Exception {
        String file = write("urls.txt", "\uFEFFhttp://127.0.0.1/a\n");
        assertThat(JobFiles.read("\uFEFFname: docs\nstartUrlsFile: " + file + "\n").job().start().urls())
                .extracting(start -> start.url().toString())
                .containsExactly("http://127.0.0.1/a");
    }

    @Test
    void inputsAreRelativeToTheJobFile() throws Exception {
        write("urls.txt", "http://127.0.0.1/a\n");
        write("ca.pem", new HeldCertificate.Builder().certificateAuthority(0).build().certificatePem());
        Path job = Path.of(write("job.yaml", "name: docs\nstartUrlsFile: urls.txt\nhttp: {caFile: ./ca.pem}\n"));

        CrawlJob read = JobFileReader.read("job.yaml", job, JobOverrides.NONE, Map.of()).job();

        assertThat(read.start().urls()).hasSize(1);
        assertThat(read.http().authorities()).hasSize(1);
    }

    /** The working directory of tests holds a pom.xml. */
    @Test
    void whatTheCommandLineSetsIsRelativeToTheWorkingDirectory() throws Exception {
        write("urls.txt", "http://127.0.0.1/a\n");
        Path job = Path.of(write("job.yaml", "name: docs\nstartUrlsFile: pom.xml\n"));
        JobOverrides set = new JobOverrides(List.of("startUrlsFile=pom.xml"), Map.of());

        assertThatExceptionOfType(BadJobException.class)
                .isThrownBy(() -> JobFileReader.read("job.yaml", job, set, Map.of()))
                .satisfies(e -> assertThat(e.problems()).first()
                        .asString()
                        .startsWith(
                                "--set startUrlsFile: pom.xml, line 1: must be an absolute http or https URL"));
        assertThatExceptionOfType(BadJobException.class)
                .isThrownBy(() -> JobFileReader.read("job.yaml", job, JobOverrides.NONE, Map.of()))
                .satisfies(e -> assertThat(e.problems()).containsExactly("job.yaml:2:16: cannot read startUrlsFile "
                        + folder.resolve("pom.xml")
                        + ": no such file or directory. Input files are relative to the job "
                        + "file, but pom.xml lies in the working directory: write "
                        + folder.relativize(Path.of("pom.xml").toAbsolutePath())
                        + ", or move the file next to the job"));
    }

    @Test
    void everyBadLineOfTheFileIsNamed() throws Exception {
        String file = write("urls.txt", "http://127.0.0.1/\nexample.org\nhttp://me:secret@127.0.0.1/\n");
        assertProblems("name: docs\nstartUrlsFile: " + file + "\n").hasSize(2)
                .anySatisfy(problem -> assertThat(problem).startsWith("job.yaml:2:16: " + file + ", line 2: ")
                        .contains("\"example.org\""))
                .anySatisfy(problem -> assertThat(problem).contains("line 3").doesNotContain("secret"));
    }

    @Test
    void fileThatCannotBeReadOrHoldsNothingIsAProblem() throws Exception {
        String missing = folder.resolve("missing.txt").toString();
        assertProblems("name: docs\nstartUrlsFile: " + missing + "\n")
                .containsExactly("job.yaml:2:16: cannot read startUrlsFile " + missing + ": no such file or directory");
        String empty = write("empty.txt", "# nothing\n");
        assertProblems("name: docs\nstartUrlsFile: " + empty + "\n")
                .containsExactly("job.yaml:2:16: startUrlsFile " + empty + " holds no URL");
    }

    @Test
    void aFileThatIsNoTextIsAProblem() throws Exception {
        Path file = Files.write(folder.resolve("latin.txt"), new byte[]{'h', (byte) 0xE9, '\n'});
        assertProblems("name: docs\nstartUrlsFile: " + file + "\n")
                .containsExactly("job.yaml:2:16: startUrlsFile " + file + " is not UTF-8; save it as UTF-8");
        assertProblems("name: docs\nstartUrlsFile: \"a\\0b\"\n").singleElement()
                .asString()
                .startsWith("job.yaml:2:16: startUrlsFile is not a path: ");
        assertProblems(JobFiles.SMALL + "http: {caFile: \"a\\0b\"}\n").singleElement()
                .asString()
                .startsWith("job.yaml:3:16: caFile is not a path: ");
    }

    @Test
    void aFileThatIsTooLongIsNotRead() throws Exception {
        Path file = folder.resolve("long.txt");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength((256L << 20) + 1);
        }
        assertProblems("name: docs\nstartUrlsFile: " + file + "\n")
                .containsExactly("job.yaml:2:16: startUrlsFile " + file + " is longer than 256 MiB");
    }

    @Test
    void noMoreThanTwentyBadLinesAreNamed() throws Exception {
        String file = write("urls.txt", "no\n".repeat(21));
        assertProblems("name: docs\nstartUrlsFile: " + file + "\n").hasSize(20)
                .last()
                .asString()
                .contains("line 20:");
    }

    /** It is one or the other. */
    @Test
    void standardInputIsTheUrlsOrTheJob() throws Exception {
        InputStream before = System.in;
        try {
            System.setIn(new ByteArrayInputStream("http://127.0.0.1/a\n".getBytes(UTF_8)));
            assertThat(JobFiles.read("name: docs\nstartUrlsFile: \"-\"\n").job().start().urls()).hasSize(1);
            System.setIn(new ByteArrayInputStream("name: docs\nstartUrlsFile: \"-\"\n".getBytes(UTF_8)));
            assertThatExceptionOfType(BadJobException.class)
                    .isThrownBy(() -> JobFileReader.read("stdin", System.in, JobOverrides.NONE, Map.of()))
                    .satisfies(e -> assertThat(e.problems())
                            .containsExactly(
                                    "stdin:2:16: startUrlsFile: standard input is the job itself; name a file"));
        } finally {
            System.setIn(before);
        }
    }

    /** What writes into a pipe may never end. */
    @Test
    void standardInputWithoutEndIsAProblem() throws Exception {
        byte[] comment = ("#".repeat(8_191) + "\n").getBytes(US_ASCII);
        InputStream before = System.in;
        try (InputStream endless = new InputStream() {
            private int next;

            @Override
            public int read() {
                return comment[next++ & 8_191];
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                int copied = Math.min(length, comment.length - (next & 8_191));
                System.arraycopy(comment, next & 8_191, into, offset, copied);
                next += copied;
                return copied;
            }
        }) {
            System.setIn(endless);
            assertProblems("name: docs\nstartUrlsFile: \"-\"\n").containsExactly(
                    "job.yaml:2:16: startUrlsFile: cannot read standard input: it is longer than 256 MiB");
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void authoritiesOfAFileAreTrusted() throws Exception {
        HeldCertificate one = new HeldCertificate.Builder().certificateAuthority(0).build();
        HeldCertificate other = new HeldCertificate.Builder().certificateAuthority(0).build();
        String file = write("ca.pem", one.certificatePem() + other.certificatePem());
        assertThat(JobFiles.read(JobFiles.SMALL + "http: {caFile: " + file + "}\n").job().http().authorities())
                .containsExactlyInAnyOrder(one.certificate(), other.certificate());
    }

    @Test
    void fileWithoutCertificatesIsAProblem() throws Exception {
        String empty = write("empty.pem", "");
        assertProblems(JobFiles.SMALL + "http: {caFile: " + empty + "}\n")
                .containsExactly("job.yaml:3:16: caFile " + empty + " holds no certificate");
        String text = write("text.pem", "-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n");
        assertProblems(JobFiles.SMALL + "http: {caFile: " + text + "}\n")
                .containsExactly("job.yaml:3:16: caFile " + text + " is not a file of certificates in PEM format");
        String missing = folder.resolve("missing.pem").toString();
        assertProblems(JobFiles.SMALL + "http: {caFile: " + missing + "}\n")
                .containsExactly("job.yaml:3:16: cannot read caFile " + missing + ": no such file or directory");
    }

    @Test
    void proxyMayAskForALogin() throws Exception {
        assertThat(JobFiles.read(JobFiles.SMALL + "http: {proxy: \"http://me:p%40ss+%25@proxy.example.org:3128\"}\n")
                .job()
                .http()
                .proxy())
                .contains(new Http.Proxy("proxy.example.org", 3128, Optional.of(new Http.Login("me", "p@ss+%"))));
        assertThat(
                JobFiles.read(JobFiles.SMALL + "http: {proxy: \"http://me@127.0.0.1:3128/\"}\n").job().http().proxy())
                .contains(new Http.Proxy("127.0.0.1", 3128, Optional.of(new Http.Login("me", ""))));
    }

    @Test
    void loginIsInNoMessage() {
        assertProblems(JobFiles.SMALL + "http: {proxy: \"https://me:secret@127.0.0.1:3128\"}\n").hasSize(1)
                .allSatisfy(problem -> assertThat(problem).contains("URL of an HTTP proxy").doesNotContain("secret"));
        assertProblems(JobFiles.SMALL + "http: {proxy: \"@secret\"}\n").singleElement()
                .asString()
                .endsWith("as in http://127.0.0.1:3128");
        assertProblems(JobFiles.SMALL + "http: {proxy: \"http://me:sec%ret@127.0.0.1:3128\"}\n").hasSize(1)
                .allSatisfy(problem -> assertThat(problem).contains("%25").doesNotContain("sec%ret"));
    }
}
