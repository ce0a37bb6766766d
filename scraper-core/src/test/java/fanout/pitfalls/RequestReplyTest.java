package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.http.SystemResolver;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/**
 * Under load, requests go to the address of another host: two workers asked, the second answer came first, and the
 * worker that had waited longest took it.
 *
 * <pre>
 * worker-a          worker-b          lookup-1              lookup-2
 * ask for a                           look up a: slow
 * wait              ask for b
 *                   wait                                    look up b, answer, end
 * Broken: has b     …
 * Fixed:  …         has b
 *                                     answer, end
 * Broken:           has a
 * Fixed:  has a
 * </pre>
 */
@Pitfall(id = "request-reply",
        question = "What ties an answer to its question: the order in which answers come, or something in the "
                + "question?",
        go = "one reply channel for all, instead of one in each request", embodiedBy = SystemResolver.class)
class RequestReplyTest {

    /** A queue there and a queue back; that they are fair does not help. */
    static final class Broken extends Sample {

        private final BlockingQueue<String> questions = new ArrayBlockingQueue<>(8, true);
        private final BlockingQueue<String> answers = new ArrayBlockingQueue<>(8, true);

        @Override
        String resolve(String host) throws InterruptedException {
            questions.put(host);
            return answers.take();
        }

        @Override
        void lookUp() throws InterruptedException {
            answers.put(addressOf(questions.take()));
        }
    }

    /** Each question brings the place for its answer. */
    static final class Fixed extends Sample {

        private record Question(String host, CompletableFuture<String> answer) {}

        private final BlockingQueue<Question> questions = new ArrayBlockingQueue<>(8, true);

        @Override
        String resolve(String host) throws InterruptedException {
            Question question = new Question(host, new CompletableFuture<>());
            questions.put(question);
            try {
                return question.answer().get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("no address of " + host, e.getCause());
            }
        }

        @Override
        void lookUp() throws InterruptedException {
            Question question = questions.take();
            question.answer().complete(addressOf(question.host()));
        }
    }

    abstract static class Sample {

        final Map<String, String> resolved = new ConcurrentHashMap<>();
        final Gate slow = new Gate();

        abstract String resolve(String host) throws InterruptedException;

        abstract void lookUp() throws InterruptedException;

        String addressOf(String host) throws InterruptedException {
            if (host.equals("a.example")) {
                slow.pass();
            }
            return "address of " + host;
        }

        void work(String host) throws InterruptedException {
            resolved.put(host, resolve(host));
        }
    }

    private static void schedule(Sample sample, Actors actors) throws InterruptedException {
        actors.start("worker-a", () -> sample.work("a.example"));
        actors.awaitParked("worker-a", "resolve");
        actors.start("lookup-1", sample::lookUp);
        actors.awaitParked("lookup-1", "addressOf");
        actors.start("worker-b", () -> sample.work("b.example"));
        actors.awaitParked("worker-b", "resolve");
        actors.start("lookup-2", sample::lookUp);
        actors.awaitEnd("lookup-2");
    }

    @Test
    void brokenWorkersTakeEachOthersAnswers() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken();
            schedule(sample, actors);
            actors.awaitEnd("worker-a");
            sample.slow.open();
            actors.awaitEnd();
            assertThat(sample.resolved).containsOnly(
                    Map.entry("a.example", "address of b.example"),
                    Map.entry("b.example", "address of a.example"));
        }
    }

    @Test
    void fixedWorkersGetTheirOwnAnswersInWhicheverOrder() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            schedule(sample, actors);
            actors.awaitEnd("worker-b");
            assertThat(actors.alive()).containsExactlyInAnyOrder("worker-a", "lookup-1");
            sample.slow.open();
            actors.awaitEnd();
            assertThat(sample.resolved).containsOnly(
                    Map.entry("a.example", "address of a.example"),
                    Map.entry("b.example", "address of b.example"));
        }
    }
}
