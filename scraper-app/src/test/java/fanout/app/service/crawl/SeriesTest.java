package fanout.app.service.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeriesTest {

    @Test
    void howeverLongACrawlItsPointsAreFewInOrderAndReachItsEnd() {
        Series series = new Series();
        for (int second = 1; second <= 100_000; second++) {
            series.add(new Series.Point(second * 1_000L, second, second, 1, 1, 1, 1));
            assertThat(series.points()).hasSizeLessThan(Series.MOST);
        }
        assertThat(series.points()).hasSizeGreaterThan(Series.MOST / 4)
                .isSortedAccordingTo(Comparator.comparingLong(Series.Point::atMs));
        assertThat(series.points().getLast().atMs()).isGreaterThan(99_000_000L);
    }

    @Test
    void pointsThatWereReadStayAsTheyWere() {
        Series series = new Series();
        series.add(new Series.Point(1, 1, 1, 1, 1, 1, 1));
        List<Series.Point> read = series.points();
        series.add(new Series.Point(2, 2, 2, 1, 1, 1, 1));
        assertThat(read).hasSize(1);
        assertThat(series.points()).hasSize(2);
    }
}
