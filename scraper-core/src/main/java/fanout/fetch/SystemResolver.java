package fanout.fetch;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.task.Deadline;
import fanout.task.Ticker;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The operating system's name lookup, made to obey deadlines and interrupts.
 *
 * <p>{@link InetAddress#getAllByName} blocks in native code for as long as it likes and cannot be interrupted; on a virtual
 * thread it would hold a carrier, too. So lookups run on daemon threads of this class, and the callers wait for them. A
 * lookup that nobody waits for any more ends when the operating system lets it: it is counted as abandoned until then, and
 * whoever asks for the same name joins it.
 *
 * <p>Algorithm: a table of questions by name and a queue of those that no thread has taken, under one lock. Every question
 * is removed by the thread that answers it, or by its last waiter while it is still queued, so both are bounded by the
 * callers plus the threads. Thread-safe. Closed by its owner, after which names are unknown.
 */
public final class SystemResolver implements Resolver {

    /** Where names are looked up; may block. */
    @FunctionalInterface
    interface Names {
        InetAddress[] lookup(String host) throws UnknownHostException;
    }

    /** Lookups wait, they don't compute; more would only queue up in the system's own resolver. */
    private static final int MOST_THREADS = 32;

    private static final Duration KEEP_IDLE_THREAD = Duration.ofSeconds(30);
    private static final Duration CLOSING = Duration.ofSeconds(1);

    private final Names names;
    private final int mostThreads;
    private final Ticker ticker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition asked = lock.newCondition();
    private final Condition threadEnded = lock.newCondition();

    @GuardedBy("lock")
    private final Map<String, Question> questions = new HashMap<>();

    @GuardedBy("lock")
    private final Deque<Question> queue = new ArrayDeque<>();

    @GuardedBy("lock")
    private int threads;

    @GuardedBy("lock")
    private int idleThreads;

    @GuardedBy("lock")
    private long threadsStarted;

    @GuardedBy("lock")
    private boolean closed;

    public SystemResolver(Ticker ticker) {
        this(InetAddress::getAllByName, MOST_THREADS, ticker);
    }

    SystemResolver(Names names, int mostThreads, Ticker ticker) {
        this.names = names;
        this.mostThreads = mostThreads;
        this.ticker = ticker;
    }

    /** A name being looked up. Guarded by lock. */
    private static final class Question {
        private final String host;
        private final Condition answered;
        private int waiting;
        private boolean taken;
        private @Nullable List<InetAddress> addresses;
        private @Nullable Exception failure;

        Question(String host, Condition answered) {
            this.host = host;
            this.answered = answered;
        }

        boolean isOpen() {
            return addresses == null && failure == null;
        }
    }

    @Override
    public List<InetAddress> resolve(String host)
            throws UnknownHostException, InterruptedIOException, InterruptedException {
        Deadline deadline = Deadline.current();
        lock.lockInterruptibly();
        try {
            if (closed) {
                throw new UnknownHostException(host + " (the resolver is closed)");
            }
            Question question = questions.get(host);
            if (question == null) {
                question = ask(host);
            }
            await(question, deadline);
            List<InetAddress> addresses = question.addresses;
            if (addresses == null) {
                throw unknown(host, question.failure);
            }
            return addresses;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private Question ask(String host) {
        Question question = new Question(host, lock.newCondition());
        questions.put(host, question);
        queue.addLast(question);
        if (queue.size() > idleThreads && threads < mostThreads) {
            threads++;
            threadsStarted++;
            Thread.ofPlatform().daemon().name("fanout-dns-" + threadsStarted).start(this::answerQuestions);
        }
        asked.signal();
        return question;
    }

    @GuardedBy("lock")
    private void await(Question question, Deadline deadline) throws InterruptedIOException, InterruptedException {
        question.waiting++;
        try {
            while (question.isOpen()) {
                long left = deadline.remainingNanos();
                if (left <= 0) {
                    throw new InterruptedIOException("no answer for " + question.host + " in time");
                }
                deadline.ticker().await(question.answered, left);
            }
        } finally {
            question.waiting--;
            if (question.waiting == 0 && !question.taken && question.isOpen()) {
                queue.remove(question);
                questions.remove(question.host);
            }
        }
    }

    private static UnknownHostException unknown(String host, @Nullable Exception cause) {
        UnknownHostException unknown = new UnknownHostException("no address found for " + host);
        unknown.initCause(cause);
        return unknown;
    }

    /** What a lookup thread does, until it was idle for long or the resolver is closed. */
    private void answerQuestions() {
        try {
            for (Optional<Question> next = take(); next.isPresent(); next = take()) {
                answer(next.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // Nobody but the JVM's owner can mean this thread; it ends.
        } finally {
            lock.lock();
            try {
                threads--;
                threadEnded.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private Optional<Question> take() throws InterruptedException {
        lock.lock();
        try {
            long left = KEEP_IDLE_THREAD.toNanos();
            idleThreads++;
            try {
                while (queue.isEmpty() && !closed && left > 0) {
                    left = ticker.await(asked, left);
                }
            } finally {
                idleThreads--;
            }
            Optional<Question> next = Optional.ofNullable(queue.pollFirst());
            next.ifPresent(question -> question.taken = true);
            return next;
        } finally {
            lock.unlock();
        }
    }

    private void answer(Question question) {
        List<InetAddress> addresses = null;
        Exception failure = null;
        try {
            addresses = List.of(names.lookup(question.host));
        } catch (UnknownHostException | RuntimeException e) {
            failure = e;
        }
        lock.lock();
        try {
            question.addresses = addresses;
            question.failure = failure;
            questions.remove(question.host);
            question.answered.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The names that are asked for and not answered. */
    Set<String> pending() {
        lock.lock();
        try {
            return Set.copyOf(questions.keySet());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long abandonedLookups() {
        lock.lock();
        try {
            return questions.values().stream().filter(question -> question.taken && question.waiting == 0).count();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            for (Question queued = queue.pollFirst(); queued != null; queued = queue.pollFirst()) {
                queued.failure = new UnknownHostException("the resolver was closed");
                questions.remove(queued.host);
                queued.answered.signalAll();
            }
            asked.signalAll();
            long left = CLOSING.toNanos();
            while (threads > 0 && left > 0) {
                left = ticker.await(threadEnded, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // The threads end without us; they are daemons.
        } finally {
            lock.unlock();
        }
    }
}
