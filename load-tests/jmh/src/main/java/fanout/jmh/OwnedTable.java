package fanout.jmh;

import fanout.internal.task.Channel;
import fanout.internal.task.Received;
import fanout.internal.task.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The table belongs to one thread. Who reads sends a question, with a channel for the answer in it. */
final class OwnedTable implements CountTable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** @param answer where to answer a question; null for a write, which needs none */
    private record Message(String host, @Nullable Channel<Long> answer) {}

    private final Channel<Message> messages = Channel.bounded(Pipes.CAPACITY, Ticker.system());
    private final Owned<Long> owner = Owned.start(this::serve);

    private long serve() throws InterruptedException {
        Map<String, Long> counts = new HashMap<>();
        while (messages.receiver().receive(PATIENCE) instanceof Received.Value<Message>(Message message)) {
            if (message.answer == null) {
                counts.merge(message.host, 1L, Long::sum);
            } else {
                message.answer.sender().send(counts.getOrDefault(message.host, 0L));
            }
        }
        return Tables.sum(counts);
    }

    @Override
    public Access access() {
        Channel<Long> answers = Channel.bounded(1, Ticker.system());
        return new Access() {

            @Override
            public long get(String host) throws InterruptedException {
                messages.sender().send(new Message(host, answers));
                return switch (answers.receiver().receive(PATIENCE)) {
                    case Received.Value<Long>(Long count) -> count;
                    case Received.TimedOut<Long> _,Received.Closed<Long> _ ->
                            throw new IllegalStateException("no answer for " + host);
                };
            }

            @Override
            public void add(String host) throws InterruptedException {
                messages.sender().send(new Message(host, null));
            }
        };
    }

    @Override
    public long total() throws InterruptedException {
        messages.close();
        return owner.end();
    }
}
