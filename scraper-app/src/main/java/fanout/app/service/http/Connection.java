package fanout.app.service.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;

/**
 * A connection and the thread that serves it, one request after the other. The thread is blocked in the socket most of the time;
 * an interrupt closes the socket, and the thread leaves.
 *
 * <p>All but the fields that say what it does at the moment, which {@link Connections} reads, is confined to that thread.
 */
final class Connection implements Runnable {

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII);
    private static final Duration LONGEST_GOODBYE = Duration.ofSeconds(2);
    private static final long MOST_UNREAD = 4L << 20;

    /** What a connection is worth while there are more than may be; the first goes first. */
    enum Worth {
        /** It has shown no token yet: it is idle, or its request arrives, or is refused, or needs no token. */
        UNKNOWN,
        /** It has, and is idle, or its request arrives. */
        KNOWN,
        /** Its request has arrived, and was let in. */
        SERVED
    }

    private final SocketChannel channel;
    private final Connections connections;
    private final HttpService.Serving serving;
    private final Client client;
    private final RequestInput input;
    private final OutputStream output;

    private final Thread thread;
    private volatile Worth worth = Worth.UNKNOWN;
    private volatile long since = System.nanoTime();
    private volatile long deadline;
    private volatile boolean timed;
    private volatile boolean ended;
    private boolean known;
    private boolean served;

    /**
     * A connection whose thread has not been started.
     *
     * @param threads makes it
     */
    Connection(SocketChannel channel, Connections connections, HttpService.Serving serving, ThreadFactory threads)
            throws IOException {
        Socket socket = channel.socket();
        socket.setTcpNoDelay(true);
        this.channel = channel;
        this.connections = connections;
        this.serving = serving;
        this.input = new RequestInput(socket);
        this.output = socket.getOutputStream();
        this.client = Client.of(socket.getInetAddress());
        this.thread = threads.newThread(this);
    }

    @Override
    public void run() {
        try (channel) {
            boolean more = true;
            while (more && !ended && awaitRequest()) {
                more = serve();
            }
        } catch (IOException e) {
            // the client has gone, or was cut off: the access log has what there was of its request
        } finally {
            connections.remove(this);
        }
    }

    private boolean awaitRequest() throws IOException {
        input.within(serving.patience());
        try {
            return input.awaitByte();
        } catch (SocketTimeoutException e) {
            return false; // idle for long enough
        }
    }

    private boolean serve() throws IOException {
        since = System.nanoTime();
        input.within(serving.patience());
        deadline = since + serving.patience().toNanos() * 2; // of which the request may take one half to arrive
        timed = true;
        Exchange exchange = new Exchange(this, serving.routes(), serving.guard());
        boolean more;
        try {
            more = exchange.answer();
        } finally {
            leave();
            serving.listener().answered(exchange.record());
        }
        if (!more && exchange.isUnread()) {
            sayGoodbye();
        }
        return more;
    }

    /** Reads what the client still sends: if bytes are left unread, closing the socket would take the answer with it. */
    private void sayGoodbye() throws IOException {
        channel.shutdownOutput();
        input.within(LONGEST_GOODBYE);
        try {
            input.drain(MOST_UNREAD);
        } catch (SocketTimeoutException e) {
            // a client that has not stopped by now loses the answer
        }
    }

    /**
     * Counts the present request among those that are served. Once all of it has arrived, no newcomer ends it.
     *
     * @throws RefusedException 503 if as many are served already as may be
     */
    void letIn(RequestBody body) throws RefusedException {
        known = true;
        if (!connections.serve()) {
            throw new RefusedException(Problem.of(503, "the service answers as many requests as it can at the moment")
                    .with("Retry-After", "1"));
        }
        served = true;
        worth = body.isEnded() ? Worth.SERVED : Worth.KNOWN;
    }

    /** Called when all of the present request has arrived. */
    void arrived() {
        worth = served ? Worth.SERVED : worth;
    }

    private void leave() {
        timed = false;
        worth = known ? Worth.KNOWN : Worth.UNKNOWN;
        since = System.nanoTime();
        if (served) {
            served = false;
            connections.leave();
        }
    }

    /** Tells a client that waits for it to send the body. */
    void goAhead(boolean expecting) throws IOException {
        if (expecting) {
            output.write(CONTINUE);
        }
    }

    /** Gives the request its whole time again, because it makes progress. */
    void progressed() {
        deadline = System.nanoTime() + serving.patience().toNanos();
    }

    RequestInput input() {
        return input;
    }

    OutputStream output() {
        return output;
    }

    Client client() {
        return client;
    }

    Duration patience() {
        return serving.patience();
    }

    Worth worth() {
        return worth;
    }

    /** Returns since when it is worth that, in nanoseconds of the system's clock. */
    long since() {
        return since;
    }

    Thread thread() {
        return thread;
    }

    /** Whether the time of the present request is up: its reader has taken nothing for that long. */
    boolean isOverdue(long now) {
        return timed && now - deadline > 0;
    }

    /** Ends it, from another thread; true for the first time. Again each time, because an interrupt may be lost. */
    boolean end() {
        boolean first = !ended;
        ended = true;
        thread.interrupt();
        return first;
    }
}
