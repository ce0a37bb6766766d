package fanout.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.job.Secrets;
import fanout.sink.Compression;
import fanout.sink.CsvStyle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutputsTest {

    /** The only destination, which is a file. */
    private static Output.File file(List<Output> outputs) {
        assertThat(outputs).hasSize(1);
        return Outputs.firstFile(outputs).orElseThrow();
    }

    @Test
    void listNamesSeveralDestinations() throws Exception {
        Outputs outputs = JobFiles.read(JobFiles.SMALL + """
                output:
                  pages: [a/p.csv, {path: b/p.jsonl}]
                  items:
                    - {path: c/i.txt, format: csv.gz}
                    - d/i.jsonl
                    - d/i.csv.zst
                """).outputs();

        assertThat(outputs.files().keySet())
                .containsExactly("pages", "pages[1]", "items", "items[1]", "items[2]", "report");
        assertThat(outputs.items()).containsExactly(
                new Output.File(Path.of("c/i.txt"), Output.Format.CSV, Compression.GZIP),
                new Output.File(Path.of("d/i.jsonl"), Output.Format.JSON_LINES),
                new Output.File(Path.of("d/i.csv.zst"), Output.Format.CSV, Compression.ZSTD));
        assertThat(outputs.journal()).contains(Path.of("a/crawl.journal"));
        assertThat(outputs.areResumable()).isTrue();
    }

    @Test
    void elementOfAListIsRefusedWhereItStands(@TempDir Path folder) {
        assertThat(problems("items: [F/a.jsonl, F/a.jsonl]".replace("F", folder.toString()))).singleElement()
                .asString()
                .contains(": items[1] and items are both written to ");
        assertThat(problems("items: [i.jsonl, p.jsonl], pages: [q.jsonl, p.jsonl]")).singleElement()
                .asString()
                .startsWith("job.yaml:3:27: items[1] and pages[1] are both written to \"p.jsonl\"");
        assertThat(problems("items: [i.jsonl, {path: i.jsonl.gz, bom: true}]")).singleElement()
                .asString()
                .startsWith("job.yaml:3:46: bom is for CSV");
        assertThat(problems("items: [i.jsonl, {path: i.csv, format: xml}]")).singleElement()
                .asString()
                .startsWith("job.yaml:3:49: format must be one of");
        assertThat(problems("items: [i.jsonl, [j.jsonl]]")).singleElement()
                .asString()
                .isEqualTo("job.yaml:3:27: an element of items must be a path, - for standard output, "
                        + "{path: …, format: …} or {jdbc: …}, not a list");
        assertThat(problems("items: []")).containsExactly(
                "job.yaml:3:17: items is an empty list; name a destination, or take the key out");
        assertThat(problems("items: [null]")).singleElement().asString().contains("an element of items is empty");
        assertThat(problems("items: [i.jsonl, j]")).isEmpty();
        assertThat(problems("items: [i.jsonl, j.xml]")).singleElement()
                .asString()
                .startsWith("job.yaml:3:27: \"j.xml\" must end in .jsonl or .csv");
    }

    @Test
    void pagesAndItemsMayBeTablesOfOneDatabase() throws Exception {
        Outputs outputs = JobFiles.read(JobFiles.SMALL + """
                output:
                  pages: a/docs.sqlite
                  items: [{path: ./a/docs.sqlite, table: products}, {path: b.db, format: sqlite}]
                """).outputs();

        assertThat(outputs.pages()).containsExactly(
                new Output.File(Path.of("a/docs.sqlite"), new Output.Format.Sqlite("pages")));
        assertThat(outputs.items()).containsExactly(
                new Output.File(Path.of("./a/docs.sqlite"), new Output.Format.Sqlite("products")),
                new Output.File(Path.of("b.db"), new Output.Format.Sqlite("items")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pages: a.sqlite, items: {path: a.sqlite, table: PAGES} | are both written to "a.sqlite", table PAGES; give
            pages: a.sqlite, items: {path: a.sqlite, format: csv}  | items and pages are both written to "a.sqlite"
            report: a.sqlite, items: a.sqlite                      | report and items are both written to "a.sqlite"
            links: a.sqlite                                        | links are no table of a database; name a file
            items: a.sqlite.gz                                     | must end in .jsonl or .csv, with .gz or .zst
            items: {path: i.csv, table: t}                         | table is for SQLite, and this file is csv; take it
            items: {path: i.sqlite, bom: true}                     | bom is for CSV, and this file is sqlite; take it
            items: {path: i.sqlite, table: "a;b"}                  | table must be a name of at most 63 letters
            items: {path: i.sqlite, table: SQLite_a}               | the table SQLite_a is not for rows; give it another
            items: {path: i.sqlite, table: scraper_positions}      | the table scraper_positions is not for rows
            items: {path: "-", format: sqlite}                     | standard output holds no database; name a file
            """)
    void tableThatCannotBeWrittenIsAProblem(String outputs, String words) {
        assertThat(problems(outputs)).singleElement().asString().startsWith("job.yaml:3:").contains(words);
    }

    @Test
    void tableOfPostgresIsRead() throws Exception {
        Outputs outputs = JobFiles.read(JobFiles.SMALL + """
                output:
                  items: [{jdbc: "jdbc:postgresql://db:5432/shop?sslmode=require", user: ann, password: pass, table: t}]
                """).outputs();

        assertThat(outputs.items()).singleElement()
                .satisfies(output -> assertThat(output).isEqualTo(
                        new Output.Postgres("jdbc:postgresql://db:5432/shop?sslmode=require", Optional.of("ann"),
                                Optional.of(new Secrets.Secret("pass", List.of())), "t", List.of())));
        assertThat(outputs.toString()).doesNotContain("pass,").contains("***");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    items: {jdbc: "jdbc:mysql://db/shop"}                                | jdbc must be the URL of a PostgreSQL
                    items: {jdbc: "jdbc:postgresql://ann:pass@db/shop"}                  | jdbc must have no login in it
                    items: {jdbc: "jdbc:postgresql://db/shop?password=pass"}             | jdbc must have no login in it
                    items: {jdbc: "jdbc:postgresql://db/shop?socketFactory=a.B"}         | may not have the parameter socketFactory
                    items: {jdbc: "jdbc:postgresql://db/shop", format: csv}              | format is for files; take it out
                    items: {jdbc: "jdbc:postgresql://db/shop", mode: upsert}             | mode: upsert needs key
                    items: {jdbc: "jdbc:postgresql://db/shop", key: [a]}                 | key is for mode: upsert
                    items: {jdbc: "jdbc:postgresql://db/shop", path: a.csv}              | has path and jdbc; give one of
                    items: {path: a.csv, user: ann}                                      | user is for a database
                    items: {user: ann}                                                   | needs one of path, jdbc
                    items: {jdbc: "jdbc:postgresql://db/shop", table: scraper_positions} | is not for rows; give it another name
                    links: {jdbc: "jdbc:postgresql://db/shop"}                           | links go to files
                    pages: {jdbc: "jdbc:postgresql://db/s", mode: upsert, key: [title]}  | key has the column title
                    """)
    void tableOfPostgresThatCannotBeIsAProblem(String outputs, String words) {
        assertThat(problems(outputs)).first()
                .asString()
                .startsWith("job.yaml:3:")
                .contains(words)
                .doesNotContain("pass@", "=pass");
    }

    @Test
    void keyOfAnUpsertIsARequiredFieldOfEachRule() {
        String table = "output: {items: {jdbc: \"jdbc:postgresql://db/s\", mode: upsert, key: [sku, _rule]}}\n";
        String rules =
                "extract: [{name: a, fields: {sku: {css: h1, required: true}}}, {name: b, fields: {sku: {css: h2}}}]\n";

        assertThat(JobFiles.problems(JobFiles.SMALL + rules + table)).singleElement()
                .asString()
                .endsWith(
                        "key has the column sku, and the rule b has no required field of that name; write "
                                + "required: true");
        assertThat(JobFiles.problems(JobFiles.SMALL + rules.replace("h2}", "h2, required: true}") + table)).isEmpty();
    }

    @Test
    void fieldsThatDifferInCaseAreOneColumnInSqliteOnly() {
        String rules = "extract: [{name: a, fields: {Title: {css: h1}}}, {name: b, fields: {title: {css: h2}}}]\n";
        assertThat(JobFiles.problems(JobFiles.SMALL + rules + "output: {items: a.sqlite}\n")).containsExactly(
                "job.yaml:4:17: the fields Title and title would be one column in SQLite; rename one of them");
        assertThat(JobFiles.problems(JobFiles.SMALL + rules + "output: {items: a.csv, pages: a.sqlite}\n")).isEmpty();
    }

    @Test
    void journalIsNextToTheFirstFileOfPages() throws Exception {
        assertThat(JobFiles.read(JobFiles.SMALL + "output: {pages: ['-', a/p.jsonl]}\n").outputs().journal()).isEmpty();
        assertThat(JobFiles.read(JobFiles.SMALL + "output: {pages: [a/p.jsonl, '-']}\n").outputs())
                .extracting(Outputs::journal, Outputs::areResumable)
                .containsExactly(Optional.of(Path.of("a/crawl.journal")), false);
    }

    @Test
    void nameThatIsNothingButAnExtensionHasIt() throws Exception {
        assertThat(JobFiles.read(JobFiles.SMALL + "output: {pages: .csv, items: out/.jsonl}\n").outputs())
                .extracting(outputs -> file(outputs.pages()).format(), outputs -> file(outputs.items()).format())
                .containsExactly(Output.Format.CSV, Output.Format.JSON_LINES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3://bucket/pages.jsonl", "postgres://db/pages", "jdbc:postgresql://db/pages",
        "file:///tmp/pages.jsonl", "HTTPS://example.org/p.jsonl"})
    void aUrlIsNoPath(String url) {
        for (String key : List.of("pages", "items", "report", "journal")) {
            assertThat(JobFiles.problems(JobFiles.SMALL + "output: {" + key + ": \"" + url + "\"}")).singleElement()
                    .asString()
                    .endsWith(
                            ": \"" + url + "\" is a URL, not a path; an output is a file, as in out/docs/pages.jsonl");
        }
        assertThat(JobFiles.problems("name: docs\nstartUrlsFile: \"" + url + "\"\n")).singleElement()
                .asString()
                .isEqualTo("job.yaml:2:16: startUrlsFile \"" + url
                        + "\" is a URL, not a path; an input is a file on this machine");
    }

    @Test
    void aTildeIsNotTheHomeFolder() {
        assertThat(JobFiles.problems(JobFiles.SMALL + "output: {pages: ~/pages.jsonl}")).singleElement()
                .asString()
                .contains("\"~/pages.jsonl\" begins with ~, which only a shell replaces; write ${HOME}");
        assertThat(JobFiles.problems(JobFiles.SMALL + "output: {pages: ./~/p.jsonl, items: \"C:/a/i.jsonl\"}"))
                .isEmpty();
    }

    @Test
    void linksToOneFileAreOnePath(@TempDir Path folder) throws IOException {
        Files.createSymbolicLink(folder.resolve("link"), folder);

        assertThat(JobFiles.problems(
                JobFiles.SMALL + "output: {pages: " + folder + "/a.jsonl, items: " + folder + "/link/a.jsonl}"))
                .singleElement()
                .asString()
                .contains("items and pages are both written to");
        assertThat(JobFiles.problems(JobFiles.SMALL + "output: {pages: /dev/null, items: /dev/null}")).isEmpty();
    }

    @Test
    void aSecondNameOfAFileAndALinkToWhereItWillBeAreThatFile(@TempDir Path folder) throws IOException {
        Files.createLink(folder.resolve("b.jsonl"), Files.createFile(folder.resolve("a.jsonl")));
        Files.createSymbolicLink(folder.resolve("d.jsonl"), Path.of("c.jsonl"));

        for (String two : List.of("pages: F/a.jsonl, items: F/b.jsonl", "pages: F/c.jsonl, items: F/d.jsonl",
                "pages: F/a.jsonl, items: F/none/../b.jsonl")) {
            assertOneFile(two.replace("F", folder.toString()));
        }
    }

    @Test
    void linksToLinksAndToFoldersAreFollowedWhereNothingIsYet(@TempDir Path folder) throws IOException {
        Files.createSymbolicLink(folder.resolve("second.jsonl"), Path.of("first.jsonl"));
        Files.createSymbolicLink(folder.resolve("first.jsonl"), folder.resolve("new/a.jsonl"));
        Files.createSymbolicLink(folder.resolve("link"), Path.of("./new/../new"));

        for (String other : List.of("first.jsonl", "link/a.jsonl", "new/a.jsonl", "link/../new/a.jsonl")) {
            assertOneFile("pages: F/second.jsonl, items: F/O".replace("F", folder.toString()).replace("O", other));
        }
        assertThat(problems("pages: " + folder + "/second.jsonl, items: " + folder + "/link/b.jsonl")).isEmpty();
    }

    @Test
    void aCircleOfLinksIsNotFollowedForEver(@TempDir Path folder) throws IOException {
        Files.createSymbolicLink(folder.resolve("a.jsonl"), Path.of("b.jsonl"));
        Files.createSymbolicLink(folder.resolve("b.jsonl"), Path.of("a.jsonl"));

        assertThat(problems("pages: " + folder + "/a.jsonl, items: " + folder + "/c.jsonl")).isEmpty();
    }

    @Test
    void standardOutputIsOneFileByAllItsNames(@TempDir Path folder) throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("/dev/stdout"));

        for (String name : List.of("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/dev/../dev/stdout",
                link.toString())) {
            assertOneFile("pages: '-', items: " + name);
            assertOneFile("pages: " + name + ", items: '-'");
        }
        assertThat(problems("pages: '-', items: /dev/null")).isEmpty();
        assertThat(new Output.File(Path.of("/dev/stdout"), Output.Format.JSON_LINES).isStandardOutput()).isTrue();
        assertThat(new Output.File(Path.of("stdout"), Output.Format.JSON_LINES).isStandardOutput()).isFalse();
    }

    private static void assertOneFile(String outputs) {
        assertThat(problems(outputs)).as(outputs)
                .singleElement()
                .asString()
                .contains("items and pages are both written to");
    }

    private static List<String> problems(String outputs) {
        return JobFiles.problems(JobFiles.SMALL + "output: {" + outputs + "}");
    }

    /** What a later run may cut back to where the journal knows it. */
    @Test
    void onlyFilesCanBeGoneOnWith(@TempDir Path folder) throws Exception {
        Files.createFile(folder.resolve("old.jsonl"));
        String items = ", items: " + folder + "/items.jsonl}";
        assertThat(resumable("{pages: " + folder + "/old.jsonl" + items)).isTrue();
        assertThat(resumable("{pages: " + folder + "/new.jsonl" + items)).isTrue();
        assertThat(resumable("{pages: \"-\"" + items)).isFalse();
        assertThat(resumable("{pages: /dev/null" + items)).isFalse();
        assertThat(resumable("{pages: " + folder + "/old.jsonl, items: /dev/null}")).isFalse();
    }

    private static boolean resumable(String output) throws Exception {
        return JobFiles.read(JobFiles.SMALL + "output: " + output + "\n").outputs().areResumable();
    }

    @Test
    void aJournalHasAFileOfItsOwn(@TempDir Path folder) throws Exception {
        String journal = folder + "/my.journal";
        assertThat(JobFiles.read(JobFiles.SMALL + "output: {journal: " + journal + "}\n").outputs().journal())
                .contains(Path.of(journal));
        for (String other : List.of("pages: {format: jsonl, path: " + journal + "}", "report: " + journal)) {
            assertThat(problems(other + ", journal: " + journal)).as(other)
                    .singleElement()
                    .asString()
                    .contains("journal and ")
                    .contains(" are both written to");
        }
    }

    @Test
    void aFormatIsWhatTheJobSaysOrTheFilesName(@TempDir Path folder) throws Exception {
        for (String pages : List.of("path: F/a.csv", "path: F/a.jsonl, format: csv")) {
            assertThat(file(JobFiles.read(JobFiles.SMALL + "output: {pages: {" + pages.replace("F", folder.toString())
                    + "}}\n").outputs().pages()).format()).isEqualTo(Output.Format.CSV);
        }
        assertThat(file(JobFiles.read(JobFiles.SMALL + "output: {pages: {path: " + folder + "/a.csv, format: jsonl}}\n")
                .outputs()
                .pages()).format()).isEqualTo(Output.Format.JSON_LINES);
    }

    @Test
    void aTableIsWrittenInTheStyleThatTheJobSays() throws Exception {
        Outputs outputs = JobFiles.read(JobFiles.SMALL + "output:\n  pages: {path: p.csv, separator: \"\\t\"}\n"
                + "  items: {path: i.csv, separator: ;, bom: true, guard: false}\n").outputs();

        assertThat(file(outputs.pages()).format()).isEqualTo(new Output.Format.Csv(new CsvStyle('\t', false, true)));
        assertThat(file(outputs.items()).format()).isEqualTo(new Output.Format.Csv(new CsvStyle(';', true, false)));
    }

    @Test
    void styleOfATableIsNoneOfJsonLines() {
        for (String key : List.of("separator: ;", "bom: true", "guard: false")) {
            String name = key.substring(0, key.indexOf(':'));
            assertThat(problems("items: {path: i.jsonl, " + key + "}")).containsExactly("job.yaml:3:33: " + name
                    + " is for CSV, and this file is jsonl; take it out, or write format: csv");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\";;\"", "x", "\"\"", ".", "'\"'"})
    void aSeparatorIsOneOfFour(String separator) {
        assertThat(problems("items: {path: i.csv, separator: " + separator + "}")).singleElement()
                .asString()
                .startsWith("job.yaml:3:42: ")
                .contains("a comma, a semicolon, a tab (\"\\t\") or |");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            a.jsonl.gz,                       false, GZIP
            .csv.zst,                         true,  ZSTD
            '{path: a.csv.gz}',               true,  GZIP
            '{path: a.gz, format: csv}',      true,  GZIP
            '{path: pipe, format: csv.zst}',  true,  ZSTD
            '{path: "-", format: jsonl.gz}',  false, GZIP
            '{path: a.gz, format: csv.zst}',  true,  ZSTD
            '{path: a.zst.csv}',              true,  NONE
            """)
    void extensionOrFormatSaysTheCompression(String pages, boolean isTable, Compression compression) throws Exception {
        Output.File output =
                file(JobFiles.read(JobFiles.SMALL + "output:\n  pages: " + pages + "\n").outputs().pages());

        assertThat(output.compression()).isEqualTo(compression);
        assertThat(output.format()).isEqualTo(isTable ? Output.Format.CSV : Output.Format.JSON_LINES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pages.gz", "pages.jsonl.bz2", "pages.json.gz", "jsonl.zst"})
    void compressionAloneSaysNotHowRowsAreWritten(String path) {
        assertThat(problems("pages: " + path)).singleElement()
                .asString()
                .endsWith(": \"" + path + "\" must end in .jsonl or .csv, with .gz or .zst behind it if it is to be "
                        + "compressed, or in .sqlite; for another name write {path: …, format: jsonl}");
    }
}
