package fanout.app.signal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StopRequestsTest {

    private final StopRequests stops = new StopRequests();

    @Test
    void aRequestMadeBeforeAWaitEndsItAtOnceAndStays() {
        assertThat(stops.drain()).as("interrupted a wait").isFalse();

        stops.beginWait();
        assertThat(Thread.currentThread().isInterrupted()).isTrue();

        stops.endWait();
        assertThat(Thread.currentThread().isInterrupted()).as("has done its work").isFalse();
        assertThat(stops.wanted()).isEqualTo(StopRequests.Wanted.DRAIN);
    }

    @Test
    void aRequestInterruptsAWaitAndNothingElse() {
        stops.beginWait();
        assertThat(stops.drain()).as("interrupted a wait").isTrue();
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        stops.endWait();

        assertThat(stops.drain()).isFalse();
        stops.cancel();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void anInterruptThatIsNoRequestIsKept() {
        Thread.currentThread().interrupt();
        stops.endWait();
        assertThat(Thread.interrupted()).isTrue();
    }
}
