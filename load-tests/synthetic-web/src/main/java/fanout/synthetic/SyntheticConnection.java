package fanout.synthetic;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.function.Consumer;

/** Serves one connection's requests, one after the other. */
record SyntheticConnection(
        SocketChannel channel,
        int number,
        int host,
        ArrivalLog log,
        Handler handler,
        Consumer<Throwable> onFailure) {

    void serve() {
        try (channel) {
            SyntheticRequestReader reader = new SyntheticRequestReader(channel);
            boolean open = true;
            while (open) {
                Optional<SyntheticRequestHead> request = reader.next();
                open = request.isPresent() && serve(request.get(), reader);
            }
        } catch (ProtocolException e) {
            // What cannot be read cannot be logged, and a log with holes proves nothing.
            onFailure.accept(e);
        } catch (IOException _) {
            // The client left, or the web is being closed: the connection is over either way.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            onFailure.accept(e);
        }
    }

    private boolean serve(SyntheticRequestHead request, SyntheticRequestReader reader)
            throws IOException, InterruptedException {
        HostLog hostLog = log.of(request.header("Host").orElse(""));
        HostLog.Entry entry = hostLog.arrived(request, number);
        log.inFlight().enter();
        Exchange exchange = new Exchange(request, reader, channel, host, entry, () -> {
            hostLog.inFlight().leave();
            log.inFlight().leave();
        });
        try {
            reader.skip(bodyBytes(request));
            handler.handle(exchange);
        } finally {
            exchange.leaveFlight();
        }
        return exchange.mayContinue();
    }

    private static long bodyBytes(SyntheticRequestHead request) throws ProtocolException {
        if (request.header("Transfer-Encoding").isPresent()) {
            throw new ProtocolException("request bodies need a Content-Length here");
        }
        try {
            return Long.parseLong(request.header("Content-Length").orElse("0"));
        } catch (NumberFormatException e) {
            throw new ProtocolException("not a Content-Length: " + e.getMessage());
        }
    }
}
