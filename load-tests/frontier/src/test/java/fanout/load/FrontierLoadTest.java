package fanout.load;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.frontier.FrontierSnapshot;
import fanout.page.Link;
import fanout.page.Request;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrontierLoadTest {

    /** A drive counts what it fetches, and fails if that is not every URL once. */
    @Test
    void everyScenarioFetchesTenPagesOfEachHost() throws InterruptedException {
        for (Scenario scenario : Scenario.all()) {
            Drive drive = new Drive(scenario, 100, new Costs());
            drive.offer();
            drive.fetchAll();

            FrontierSnapshot end = drive.frontier().snapshot();
            assertThat(end.urls().discovered()).as(scenario.title()).isEqualTo(1000);
            assertThat(end.ended()).isPresent();
            drive.leave();
        }
    }

    @Test
    void aDelayIsKeptOnTheClockOfTheDrive() throws InterruptedException {
        Scenario delayed = Scenario.all().get(1);
        Drive drive = new Drive(delayed, 100, new Costs());
        drive.offer();
        drive.fetchAll();
        drive.leave();

        assertThat(drive.clock().nanos()).isGreaterThan((Scenario.PAGES - 1) * delayed.delay().toNanos());
    }

    @Test
    void aPageLinksToTheNextOneAndToFourFirstOnesOfOtherHosts() {
        List<String> links = new ArrayList<>();
        for (Link link : ScenarioPages.linksOf(ScenarioPages.url(3, 8), 1000)) {
            links.add(link.url().toString());
        }

        assertThat(links).hasSize(5).doesNotHaveDuplicates();
        assertThat(links.getFirst()).isEqualTo("http://host-000003.test/page-9");
        assertThat(links.subList(1, 5)).allMatch(link -> link.endsWith("/page-0"));
        assertThat(ScenarioPages.linksOf(ScenarioPages.url(3, Scenario.PAGES - 1), 1000)).hasSize(4);
    }

    @Test
    void costsAreDividedByTheCallsThatWereCounted() {
        Costs costs = new Costs();
        long begun = Costs.now();
        costs.add(Call.TAKE, 10, begun - 1_000_000);

        // the two are rounded
        assertThat(costs.perCall(Call.TAKE)).isBetween(100_000.0, costs.worstMillis() * 1e6 / 10 * 1.000_001);
        assertThat(costs.perCall(Call.OFFER)).isNaN();
    }

    @Test
    void aUrlThatWaitsTakesMemoryAndOneThatWasFetchedLess() throws InterruptedException {
        Heap heap = Heap.of(5000, 200_000);

        assertThat(heap.waiting()).isBetween(40.0, 60.0);
        assertThat(heap.host()).isBetween(400.0, 700.0);
        assertThat(heap.seen()).isBetween(16.0, 60.0);
    }

    @Test
    void longUrlsAreThoseOfTheirHostAndHaveEightyCharactersOnAverage() {
        List<Integer> lengths = new ArrayList<>();
        for (Request request : ScenarioPages.longOnesOf(3, 820)) {
            assertThat(request.url().host()).isEqualTo(ScenarioPages.url(3, 0).host());
            lengths.add(request.url().length());
        }

        assertThat(lengths).hasSize(820).allMatch(length -> length >= 60 && length <= 100);
        assertThat(lengths.stream().mapToInt(Integer::intValue).average()).hasValue(80);
    }
}
