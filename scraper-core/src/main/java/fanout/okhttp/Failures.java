package fanout.okhttp;

import fanout.outcome.Failure;
import fanout.socket.AddressRefused;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.net.UnknownServiceException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** What an exception of the network means. Called for threads that were not interrupted: cancelled first, failed second. */
final class Failures {

    private static final String CLOSED_EARLY = "closed before the response was complete";
    private static final int LONGEST = 300;

    /** OkHttp's words for what an HTTP/2 peer did wrong, in the message of a plain IOException. */
    private static final Pattern HTTP2_VIOLATION =
            Pattern.compile("(PROTOCOL|FLOW_CONTROL|FRAME_SIZE|COMPRESSION)_ERROR"
                    + "|HTTP_1_1_REQUIRED|^TYPE_|SETTINGS (preface|frame)|HPACK|^(Header index|header byte count|Invalid dynamic)");

    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]+");

    private Failures() {}

    static Failure of(IOException e, AttemptProgress progress, AttemptTime time) {
        Failure failure = read(e, progress, time);
        boolean closed = failure instanceof Failure.Connection lost
                && (lost.detail().equals(CLOSED_EARLY) || lost.detail().contains("Broken pipe"));
        return closed && progress.isStale() ? new Failure.StaleConnection() : failure;
    }

    private static Failure read(IOException e, AttemptProgress progress, AttemptTime time) {
        return switch (e) {
            case AddressRefused refused -> new Failure.PrivateAddress(text(refused));
            case BodyOverflow overflow -> new Failure.BodyTooLarge(overflow.most(), overflow.isOfMemory());
            case InterruptedIOException timeout -> new Failure.TimedOut(progress.stage(), time.deadline().limit());
            case IOException any when time.hasPassed() || any.getCause() instanceof InterruptedIOException ->
                    new Failure.TimedOut(progress.stage(), time.deadline().limit());
            case UnknownHostException unknown -> new Failure.Dns(text(unknown));
            case UnknownServiceException noCommonTls -> new Failure.Tls(text(noCommonTls));
            case SSLException tls -> ofTls(tls);
            case ProtocolException protocol when endedEarly(protocol) -> new Failure.Connection(CLOSED_EARLY);
            case ProtocolException protocol -> new Failure.Protocol(text(protocol));
            case IOException any when isEndOfStream(any) -> progress.headTooLong()
                    ? new Failure.Protocol("response headers longer than OkHttp reads (256 KiB)")
                    : new Failure.Connection(CLOSED_EARLY);
            case IOException any when HTTP2_VIOLATION.matcher(text(any)).find() -> new Failure.Protocol(text(any));
            default -> new Failure.Connection(text(e));
        };
    }

    /** A peer that goes away during the handshake is a lost connection, not a bad certificate. */
    private static Failure ofTls(SSLException e) {
        return e.getCause() instanceof EOFException || e.getCause() instanceof SocketException
                ? new Failure.Connection("closed during TLS: " + text(e))
                : new Failure.Tls(text(e));
    }

    private static boolean endedEarly(ProtocolException e) {
        return "unexpected end of stream".equals(e.getMessage());
    }

    private static boolean isEndOfStream(IOException e) {
        return e instanceof EOFException || e.getCause() instanceof EOFException;
    }

    /** The exception's message with its cause's, on one line, without control characters, cut to a readable length. */
    private static String text(IOException e) {
        String message = String.valueOf(e.getMessage());
        Throwable cause = e.getCause();
        if (cause != null && cause.getMessage() != null && !message.contains(cause.getMessage())) {
            message = message + ": " + cause.getMessage();
        }
        String plain = CONTROLS.matcher(message).replaceAll(" ").strip();
        return plain.length() <= LONGEST ? plain : plain.substring(0, LONGEST) + "…";
    }
}
