package fanout.sink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.outcome.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.channels.Channels;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A view of JSON Lines is what CSV of the same results would have been. */
class CsvViewTest {

    private static final List<String> FIELDS = List.of("title", "price", "many", "sold", "tags", "offers");
    private static final List<Outcome> RESULTS = List.of(
            Outcomes.page(1,
                    Outcomes.item(1, "title", "=1+1, \"quoted\"\r\nand \u00fc \ud83d\ude00", "price",
                            new BigDecimal("1003.50"), "many", 9_007_199_254_740_993L, "sold", true, "tags",
                            List.of("a", "b, c"), "offers", List.of(Map.of("shop", "x", "price", -1.25))),
                    Outcomes.item(1, "tags", List.of(), "title", "", "price", null),
                    Outcomes.item(1, "price", new BigDecimal("123456e999"), "many", new BigDecimal("1.5e-1500"))),
            Outcomes.failed(2));

    @FunctionalInterface
    private interface Maker {
        Sink on(OutputFile file) throws IOException;
    }

    private static String written(Maker maker) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Sink sink = maker.on(OutputFile.on(Channels.newChannel(bytes)))) {
            for (Outcome outcome : RESULTS) {
                sink.write(outcome);
            }
        }
        return bytes.toString(UTF_8);
    }

    private static String viewed(CsvView view, String jsonLines) {
        StringBuilder csv = new StringBuilder(new String(view.header(), UTF_8));
        jsonLines.lines().forEach(line -> csv.append(new String(view.row(line.getBytes(UTF_8)), UTF_8)));
        return csv.toString();
    }

    @Test
    void itemsAreThoseThatCsvWouldHave() throws Exception {
        assertThat(viewed(CsvView.ofItems(FIELDS), written(ItemsFile::jsonLines)))
                .isEqualTo(written(file -> ItemsFile.csv(file, FIELDS)));
    }

    @Test
    void pagesAreThoseThatCsvWouldHave() throws Exception {
        assertThat(viewed(CsvView.ofPages(), written(PagesFile::jsonLines))).isEqualTo(written(PagesFile::csv));
    }

    @Test
    void whatIsNoObjectIsRefusedAndAMissingMemberIsAnEmptyCell() {
        CsvView view = CsvView.ofPages();
        assertThatThrownBy(() -> view.row("[]".getBytes(UTF_8))).isInstanceOf(IllegalArgumentException.class);
        assertThat(new String(view.row("{}".getBytes(UTF_8)), UTF_8)).hasSize(PagesFile.COLUMNS.size() - 1 + 2);
    }
}
