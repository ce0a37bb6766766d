package fanout.sink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.journal.Position;
import fanout.page.Item;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ItemsFileTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final OutputFile file = OutputFile.on(Channels.newChannel(bytes));

    @Test
    void anItemIsALineWithItsFieldsInTheirOrder() throws IOException {
        try (ItemsFile items = ItemsFile.jsonLines(file)) {
            items.write(Outcomes.page(1,
                    Outcomes.item(1, "title", "A", "price", new BigDecimal("9.90"), "count", 3, "new", true, "seen",
                            null,
                            "tags", List.of("x", "y")),
                    Outcomes.item(1, "none", List.of())));
        }

        assertThat(bytes.toString(UTF_8)).isEqualTo(
                """
                        {"_url":"http://127.0.0.1/1","_rule":"products","title":"A","price":9.90,"count":3,"new":true,"seen":null,\
                        "tags":["x","y"]}
                        {"_url":"http://127.0.0.1/1","_rule":"products","none":[]}
                        """);
    }

    @Test
    void pagesWithoutItemsAndOtherOutcomesLeaveNoLine() throws IOException {
        try (ItemsFile items = ItemsFile.jsonLines(file)) {
            items.write(Outcomes.page(1));
            items.write(Outcomes.failed(2));
        }

        assertThat(bytes.size()).isZero();
    }

    @Test
    void numbersOfEveryKindAreJsonNumbersAndWhatIsNoneIsNull() throws IOException {
        try (ItemsFile items = ItemsFile.jsonLines(file)) {
            items.write(Outcomes.page(1, Outcomes.item(1, "n", Arrays.asList(1L, (short) 2, 0.5, 1.5f,
                    new BigInteger("123456789012345678901234567890"), new BigDecimal("1E+3"),
                    new BigDecimal("1E-7"), 1e22, new BigDecimal("1E+2000000000"), Double.NaN,
                    Float.NEGATIVE_INFINITY))));
        }

        assertThat(bytes.toString(UTF_8)).contains("[1,2,0.5,1.5,123456789012345678901234567890,1000,"
                + "0.0000001,10000000000000000000000,1E+2000000000,null,null]");
    }

    /** The first run may have been killed before it had committed a line, or after. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void resumedCsvHasOneHeader(int runsWithLines, @TempDir Path folder) throws Exception {
        CsvStyle style = new CsvStyle('\t', true, true);
        Path pages = folder.resolve("pages.csv");
        Path items = folder.resolve("items.csv");
        Position ofPages = Position.NONE;
        Position ofItems = Position.NONE;
        for (int run = 0; run < 3; run++) {
            try (ResumableSink pagesFile = (ResumableSink) PagesFile.csv(OutputFile.resume(pages), style);
                    ResumableSink itemsFile =
                            (ResumableSink) ItemsFile.csv(OutputFile.resume(items), List.of("n"), style)) {
                pagesFile.resumeAt(ofPages);
                itemsFile.resumeAt(ofItems);
                if (run >= 2 - runsWithLines) {
                    pagesFile.write(Outcomes.page(run));
                    itemsFile.write(Outcomes.page(run, Outcomes.item(run, "n", run)));
                }
                ofPages = pagesFile.commit();
                ofItems = itemsFile.commit();
            }
        }

        assertThat(Files.readAllLines(pages)).hasSize(runsWithLines + 2)
                .filteredOn(line -> line.startsWith("\uFEFFurl\t"))
                .hasSize(1);
        assertThat(Files.readAllLines(items)).hasSize(runsWithLines + 2)
                .filteredOn(line -> line.startsWith("\uFEFF_url\t"))
                .hasSize(1);
    }

    @Test
    void csvHasTheUnionOfTheFieldsAndListsAsJson() throws IOException {
        try (ItemsFile items = ItemsFile.csv(file, List.of("title", "price", "title", "tags"))) {
            items.write(Outcomes.page(1, Outcomes.item(1, "title", "A, B", "tags", List.of("x", "say \"y\"", 1))));
            items.write(Outcomes.page(2, Outcomes.item(2, "price", -1.5), Outcomes.item(2, "title", "")));
        }

        assertThat(bytes.toString(UTF_8)).isEqualTo("_url,_rule,title,price,tags\r\n"
                + "http://127.0.0.1/1,products,\"A, B\",,\"[\"\"x\"\",\"\"say \\\"\"y\\\"\"\"\",1]\"\r\n"
                + "http://127.0.0.1/2,products,,-1.5,\r\n"
                + "http://127.0.0.1/2,products,\"\",,\r\n");
    }

    @Test
    void objectsNestInJsonAndAreOneCellOfCsv() throws IOException {
        Item item = Outcomes.item(1, "price", new LinkedHashMap<>(Map.of("amount", new BigDecimal("1E+3"))), "offers",
                List.of(Map.of("shop", "=N, \"S\""), List.of(Map.of("deep", Arrays.asList("x", null)))));
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try (ItemsFile csvItems = ItemsFile.csv(file, List.of("price", "offers"));
                ItemsFile jsonItems = ItemsFile.jsonLines(OutputFile.on(Channels.newChannel(json)))) {
            csvItems.write(Outcomes.page(1, item));
            jsonItems.write(Outcomes.page(1, item));
        }

        assertThat(json.toString(UTF_8)).endsWith("\"price\":{\"amount\":1000},\"offers\":"
                + "[{\"shop\":\"=N, \\\"S\\\"\"},[{\"deep\":[\"x\",null]}]]}\n");
        assertThat(Texts.csv(bytes.toByteArray()).get(1)).containsExactly("http://127.0.0.1/1", "products",
                "{\"amount\":1000}", "[{\"shop\":\"=N, \\\"S\\\"\"},[{\"deep\":[\"x\",null]}]]");
    }

    @Test
    void aStyleChoosesSeparatorMarkAndGuard() throws IOException {
        try (ItemsFile items = ItemsFile.csv(file, List.of("a", "b"), new CsvStyle(';', true, false))) {
            items.write(Outcomes.page(1, Outcomes.item(1, "a", "x;y", "b", "1,5")));
            items.write(Outcomes.page(2, Outcomes.item(2, "a", "=1+1", "b", List.of("x", "y"))));
        }

        assertThat(bytes.toString(UTF_8).split("\r\n", -1)).containsExactly("\uFEFF_url;_rule;a;b",
                "http://127.0.0.1/1;products;\"x;y\";1,5",
                "http://127.0.0.1/2;products;=1+1;\"[\"\"x\"\",\"\"y\"\"]\"", "");
    }

    @Test
    void csvWithoutAGuardGivesEveryTextBackAsItIs() throws IOException {
        Random random = new Random(3);
        List<String> texts = random.ints(2000).mapToObj(_ -> Texts.hard(random)).toList();
        try (ItemsFile items = ItemsFile.csv(file, List.of("a"), new CsvStyle(',', false, false))) {
            for (String text : texts) {
                items.write(Outcomes.page(1, Outcomes.item(1, "a", text)));
            }
        }

        List<List<String>> records = Texts.csv(bytes.toByteArray());
        assertThat(records.subList(1, records.size())).extracting(List::getLast).containsExactlyElementsOf(texts);
    }

    @ParameterizedTest
    @ValueSource(chars = {'.', '"', '\n', '1', ' ', 'a'})
    void whatValuesContainSeparatesNoCells(char separator) {
        assertThatThrownBy(() -> new CsvStyle(separator, false, true)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("separator must be a comma, a semicolon, a tab or |");
    }

    @Test
    void csvWithoutItemsStillHasItsHeader() throws IOException {
        try (ItemsFile items = ItemsFile.csv(file, List.of("=title"))) {
            items.flush();
        }

        assertThat(bytes.toString(UTF_8)).isEqualTo("_url,_rule,'=title\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "\uFF1D1+1", "\uFF0B1",
        "\uFF0D1", "\uFF20SUM(A1)"})
    void whatASpreadsheetWouldRunGetsAnApostrophe(String text) throws IOException {
        assertThat(cellOf(text)).isEqualTo("'" + text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'=1", " =1", "1-1", "a@example.org", "'", "é"})
    void whatASpreadsheetWouldShowStaysAsItIs(String text) throws IOException {
        assertThat(cellOf(text)).isEqualTo(text);
    }

    @Test
    void numbersNeverGetAnApostropheAndWhatIsNoneIsEmpty() throws IOException {
        try (ItemsFile items = ItemsFile.csv(file, List.of("a", "b", "c"))) {
            items.write(Outcomes.page(1, Outcomes.item(1, "a", -3L, "b", new BigDecimal("-0.5"), "c", Double.NaN)));
        }

        assertThat(Texts.csv(bytes.toByteArray()).get(1)).containsExactly("http://127.0.0.1/1", "products", "-3",
                "-0.5", null);
    }

    @Test
    void everyTextComesBackFromCsvAndFromJson() throws IOException {
        Random random = new Random(2);
        List<String> texts = random.ints(2000).mapToObj(_ -> Texts.hard(random)).toList();
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try (ItemsFile csvItems = ItemsFile.csv(file, List.of("a", "b"));
                ItemsFile jsonItems = ItemsFile.jsonLines(OutputFile.on(Channels.newChannel(json)))) {
            for (String text : texts) {
                csvItems.write(Outcomes.page(1, Outcomes.item(1, "a", text, "b", text)));
                jsonItems.write(Outcomes.page(1, Outcomes.item(1, text, List.of(text))));
            }
        }

        List<List<String>> records = Texts.csv(bytes.toByteArray());
        assertThat(records.subList(1, records.size())).extracting(List::getLast)
                .containsExactlyElementsOf(
                        texts.stream().map(ItemsFileTest::defused).toList());
        assertThat(Texts.jsonLines(json.toByteArray()))
                .extracting(line -> line.entrySet().stream().skip(2).findFirst().orElseThrow())
                .containsExactlyElementsOf(texts.stream()
                        .map(text -> Map.<String, Object>entry(text, List.of(text)))
                        .toList());
    }

    @Test
    void aFieldWithoutAColumnOrOfAnUnknownTypeIsRefused() throws IOException {
        try (ItemsFile csv = ItemsFile.csv(file, List.of("a"));
                ItemsFile json = ItemsFile.jsonLines(file)) {
            assertThatThrownBy(() -> csv.write(Outcomes.page(1, Outcomes.item(1, "b", "x"))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("b");
            assertThatThrownBy(() -> json.write(Outcomes.page(1, Outcomes.item(1, "_url", "x"))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("_url");
            assertThatThrownBy(() -> json.write(Outcomes.page(1, Outcomes.item(1, "a", new Object()))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Object");
        }

        assertThat(bytes.toString(UTF_8)).as("no half line").isEqualTo("_url,_rule,a\r\n");
    }

    private String cellOf(String text) throws IOException {
        try (ItemsFile items = ItemsFile.csv(file, List.of("a", "b"))) {
            items.write(Outcomes.page(1, Outcomes.item(1, "a", text, "b", "end")));
        }
        return Texts.csv(bytes.toByteArray()).get(1).get(2);
    }

    private static String defused(String text) {
        return !text.isEmpty() && "=+-@\t\r\n".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    }
}
