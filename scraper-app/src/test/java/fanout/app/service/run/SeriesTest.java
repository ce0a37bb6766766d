package fanout.app.service.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SeriesTest {

    @Test
    void howeverLongACrawlItsPointsAreFewInOrderAndReachItsEnd() {
        CrawlFigures.Series series = new CrawlFigures.Series();
        for (int second = 1; second <= 100_000; second++) {
            long now = second;
            series.add(() -> new CrawlFigures.Series.Point(now * 1_000, now, now, 1, 1, 1, 1));
            assertThat(series.points()).hasSizeLessThan(CrawlFigures.Series.MOST);
        }
        assertThat(series.points()).hasSizeGreaterThan(CrawlFigures.Series.MOST / 4)
                .isSortedAccordingTo(Comparator.comparingLong(CrawlFigures.Series.Point::atMs));
        assertThat(series.points().getLast().atMs()).isGreaterThan(99_000_000L);
    }

    @Test
    void ofASeriesThatIsFullEveryOtherPointStays() {
        CrawlFigures.Series series = new CrawlFigures.Series();
        for (int second = 1; second <= CrawlFigures.Series.MOST; second++) {
            long now = second;
            series.add(() -> new CrawlFigures.Series.Point(now, now, now, 1, 1, 1, 1));
        }
        assertThat(series.points()).extracting(CrawlFigures.Series.Point::atMs)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, CrawlFigures.Series.MOST / 2).map(half -> 2 * half).boxed().toList());
    }

    @Test
    void pointsThatWereReadStayAsTheyWere() {
        CrawlFigures.Series series = new CrawlFigures.Series();
        series.add(() -> new CrawlFigures.Series.Point(1, 1, 1, 1, 1, 1, 1));
        List<CrawlFigures.Series.Point> read = series.points();
        series.add(() -> new CrawlFigures.Series.Point(2, 2, 2, 1, 1, 1, 1));
        assertThat(read).hasSize(1);
        assertThat(series.points()).hasSize(2);
    }

    /** What is asked for a point is used up by it. */
    @Test
    void nothingIsAskedForThatIsNotKept() {
        CrawlFigures.Series series = new CrawlFigures.Series();
        int[] asked = new int[1];
        for (int second = 1; second < 2 * CrawlFigures.Series.MOST; second++) {
            long now = second;
            series.add(() -> new CrawlFigures.Series.Point(now, ++asked[0], 1, 1, 1, 1, 1));
        }
        assertThat(series.points().getLast().ok()).isEqualTo(asked[0]);
        assertThat(asked[0]).as("each second at first, and every other one then")
                .isEqualTo(CrawlFigures.Series.MOST + CrawlFigures.Series.MOST / 2 - 1);
    }
}
