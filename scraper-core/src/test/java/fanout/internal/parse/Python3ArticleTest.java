package fanout.internal.parse;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.crawl.fixtures.RealPages;
import fanout.internal.parse.PageParser.ParseResult.Parsed;
import fanout.job.CrawlJob;
import fanout.job.ExtractRule;
import fanout.job.Field;
import fanout.page.Item;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.Headers;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The articles of real pages: what Debian's python3-doc has in the element that its generator names as main. */
class Python3ArticleTest {

    private static final CrawlJob JOB = TestPages.job()
            .extract(List.of(new ExtractRule("r", Optional.empty(), Optional.empty(), Optional.empty(),
                    List.of(new Field("article", new Field.OfArticle(Field.ArticlePart.TEXT), false)))))
            .build();
    private static final int PAGES = 60;
    /** In shorter ones the line below the text is much of it. */
    private static final int FEWEST_WORDS = 150;

    /** Without the role, the content has to be found by how much text is where. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anArticleIsTheMainTextAndLittleElse(boolean isNamed) throws Exception {
        List<Path> files = RealPages.files();
        int step = Math.max(1, files.size() / PAGES);
        int read = 0;
        for (int i = 0; i < files.size(); i += step) {
            String page = Files.readString(files.get(i));
            byte[] body = (isNamed ? page : page.replace("role=\"main\"", "")).getBytes(StandardCharsets.UTF_8);
            Parsed parsed = TestPages.parse(JOB, TestPages.page("http://127.0.0.1/" + RealPages.place(files.get(i)),
                    Optional.empty(), "text/html", Headers.EMPTY, body));
            for (Item item : parsed.items()) {
                Map<String, Integer> main = words(mainOf(page));
                Map<String, Integer> article = words(String.valueOf(item.fields().get("article")));
                boolean isIndex = files.get(i).getFileName().toString().contains("genindex");
                if (count(main) < FEWEST_WORDS || isIndex) {
                    continue;
                }
                double both = main.entrySet()
                        .stream()
                        .mapToInt(word -> Math.min(word.getValue(), article.getOrDefault(word.getKey(), 0)))
                        .sum();
                assertThat(both / count(main)).as("words kept of " + files.get(i)).isGreaterThanOrEqualTo(0.95);
                assertThat(1 - both / count(article)).as("other words in " + files.get(i)).isLessThanOrEqualTo(0.02);
                read++;
            }
        }
        assertThat(read).as("pages").isGreaterThan(PAGES / 2);
    }

    /** The text of the main element, without the list of what is on the page and the signs that link to headings. */
    private static String mainOf(String page) {
        Element main = Jsoup.parse(page).expectFirst("div.body");
        main.select("nav, .headerlink").remove();
        return main.wholeText();
    }

    private static Map<String, Integer> words(String text) {
        Map<String, Integer> words = new HashMap<>();
        for (String word : text.split("[^\\p{L}\\p{N}]+", -1)) {
            words.merge(word, 1, Integer::sum);
        }
        return words;
    }

    private static int count(Map<String, Integer> words) {
        return words.values().stream().mapToInt(Integer::intValue).sum();
    }
}
