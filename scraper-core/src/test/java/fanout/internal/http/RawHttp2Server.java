package fanout.internal.http;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/**
 * Speaks just enough HTTP/2 (RFC 9113) to answer frame by frame what a test says, and knows which streams its clients
 * have left open.
 */
final class RawHttp2Server implements AutoCloseable {

    private static final int PREFACE_LENGTH = 24;
    static final int DATA = 0;
    static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    private static final int PING = 6;
    static final int CONTINUATION = 9;
    private static final int ACK = 1;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    static final int PADDED = 8;
    static final int PRIORITY = 0x20;
    /** {@code :status 200}, entry 8 of HPACK's static table. */
    static final byte[] STATUS_200 = {(byte) 0x88};

    /** Answers a request. */
    @FunctionalInterface
    interface Answer {
        void to(int stream, OutputStream out) throws IOException;
    }

    private final RawServer server;
    private final Answer answer;
    private final Map<Socket, Set<Integer>> openStreams = new ConcurrentHashMap<>();

    /** Answers nothing, or a head and some bytes of a body. */
    RawHttp2Server(boolean answersHead) {
        this((stream, out) -> {
            if (answersHead) {
                send(out, HEADERS, END_HEADERS, stream, STATUS_200);
                send(out, DATA, 0, stream, new byte[1000]);
            }
        });
    }

    RawHttp2Server(Answer answer) {
        this.answer = answer;
        this.server = RawServer.serving(this::serve);
    }

    /** The same behind TLS. */
    RawHttp2Server(SSLContext context, Answer answer) {
        this.answer = answer;
        this.server = RawServer.secured(context, "h2", this::serve);
    }

    /** A field by its name, without a place in HPACK's table; Latin-1. */
    static byte[] field(String name, String value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0);
        out.write(name.length());
        out.writeBytes(name.getBytes(StandardCharsets.ISO_8859_1));
        if (value.length() < 0x7F) {
            out.write(value.length());
        } else {
            out.write(0x7F);
            out.write(((value.length() - 0x7F) & 0x7F) | 0x80);
            out.write((value.length() - 0x7F) >> 7);
        }
        out.writeBytes(value.getBytes(StandardCharsets.ISO_8859_1));
        return out.toByteArray();
    }

    /** @param namesAndValues in turns */
    static byte[] fields(String... namesAndValues) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            out.writeBytes(field(namesAndValues[i], namesAndValues[i + 1]));
        }
        return out.toByteArray();
    }

    private void serve(Socket socket, InputStream input) throws IOException {
        Set<Integer> streams = ConcurrentHashMap.newKeySet();
        openStreams.put(socket, streams);
        try {
            DataInputStream in = new DataInputStream(input);
            OutputStream out = socket.getOutputStream();
            socket.setTcpNoDelay(true);
            in.readFully(new byte[PREFACE_LENGTH]);
            send(out, SETTINGS, 0, 0, new byte[0]);
            while (true) {
                int lengthAndType = in.readInt();
                int flags = in.readUnsignedByte();
                int stream = in.readInt() & 0x7FFF_FFFF;
                byte[] payload = new byte[lengthAndType >>> 8];
                in.readFully(payload);
                switch (lengthAndType & 0xFF) {
                    case HEADERS -> {
                        streams.add(stream);
                        answer.to(stream, out);
                    }
                    case RST_STREAM -> streams.remove(stream);
                    case SETTINGS, PING -> {
                        if ((flags & ACK) == 0) {
                            send(out, lengthAndType & 0xFF, ACK, 0,
                                    (lengthAndType & 0xFF) == PING ? payload : new byte[0]);
                        }
                    }
                    default -> {
                    }
                }
            }
        } finally {
            openStreams.remove(socket);
        }
    }

    static void send(OutputStream out, int type, int flags, int stream, byte[] payload) throws IOException {
        byte[] frame = new byte[9 + payload.length];
        frame[1] = (byte) (payload.length >> 8);
        frame[2] = (byte) payload.length;
        frame[3] = (byte) type;
        frame[4] = (byte) flags;
        for (int i = 0; i < 4; i++) {
            frame[5 + i] = (byte) (stream >> (24 - 8 * i));
        }
        System.arraycopy(payload, 0, frame, 9, payload.length);
        out.write(frame);
    }

    /** Streams of living connections that no client has reset. */
    int openStreams() {
        return openStreams.values().stream().mapToInt(Set::size).sum();
    }

    /** Connections that were made to it. */
    int accepted() {
        return server.accepted.get();
    }

    String url(String path) {
        return server.url(path);
    }

    @Override
    public void close() {
        server.close();
    }
}
