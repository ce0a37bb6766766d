package fanout.app.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** How crawls end: asked by a person, or by their quota. */
class EndingTest extends SlowCrawlsFixture {

    @Test
    void aDrainSaysTruthfullyWhatStillEndsAsOftenAsItIsAsked() throws Exception {
        try (RunningService service = crawls.service("")) {
            String crawl = crawls.begin(service);
            for (int i = 0; i < 2; i++) {
                Answer answer = service.post(crawl + "/cancel", "{\"mode\": \"drain\"}");
                assertThat(answer.status()).isEqualTo(202);
                JsonNode ending = answer.json();
                assertThat(ending.get("state").stringValue()).isEqualTo("draining");
                assertThat(ending.get("mode").stringValue()).isEqualTo("drain");
                assertThat(ending.get("inFlight").asInt()).isEqualTo(10);
                assertThat(ending.get("queued").asInt()).isZero();
                assertThat(ending.get("ending")).hasSize(10);
            }
            crawls.release();
            JsonNode ended = service.awaitState(crawl, "finished", "cancelled");
            assertThat(ended.at("/progress/ok").asInt()).isEqualTo(11);
            assertThat(service.post(crawl + "/cancel", "{}").status()).isEqualTo(409);
        }
    }

    /** Of ten links four are in flight, and six wait for one of them to end. */
    @Test
    void aDrainCountsWhatItWillNotFetch() throws Exception {
        try (RunningService service = crawls.service("")) {
            String crawl = service.submitted(
                    crawls.site().job("/slow/").replace("perHostConcurrency: 64", "perHostConcurrency: 4"));
            await().until(() -> crawls.site().slowRequests.get() == 4);
            JsonNode ending = service.post(crawl + "/cancel", "{}").json();
            assertThat(ending.get("inFlight").asInt()).isEqualTo(4);
            assertThat(ending.get("queued").asInt()).isEqualTo(6);
            crawls.release();
            JsonNode ended = service.awaitState(crawl, "finished", "cancelled");
            assertThat(ended.at("/progress/ok").asInt()).isEqualTo(5);
        }
    }

    @Test
    void aCancelGivesUpWhatIsInFlightAndIsNotTakenBack() throws Exception {
        try (RunningService service = crawls.service("")) {
            String crawl = crawls.begin(service);
            assertThat(service.post(crawl + "/cancel", "{\"mode\": \"now\"}").status()).isEqualTo(202);
            service.awaitState(crawl, "cancelled");
            assertThat(service.get(crawl).json().get("finishReason").stringValue()).isEqualTo("interrupted");
            assertThat(service.get(crawl + "/pages?outcome=cancelled").rows()).hasSize(10);
            assertThat(service.get(crawl + "/pages?outcome=ok").rows()).hasSize(1);
        }
    }

    @Test
    void aCrawlThatWouldWriteMoreThanItsQuotaFails() throws Exception {
        try (RunningService service = crawls.service("maxBytesPerCrawl: 2KiB\n")) {
            String crawl = service.submitted(crawls.site().job("/"));
            JsonNode failed = service.awaitState(crawl, "failed");
            assertThat(failed.get("failure").stringValue()).contains("maxBytesPerCrawl, 2048 bytes");
            assertThat(service.get(crawl + "/pages").body().length + service.get(crawl + "/items").body().length)
                    .isLessThanOrEqualTo(2048);
            assertThat(service.get(crawl + "/report").json().get("finishReason").stringValue()).isEqualTo("failed");
        }
    }
}
