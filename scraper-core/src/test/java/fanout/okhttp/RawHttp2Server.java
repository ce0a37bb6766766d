package fanout.okhttp;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Speaks just enough HTTP/2 (RFC 9113, without TLS) to leave every answer unfinished, and knows which streams its clients
 * have left open.
 */
final class RawHttp2Server implements AutoCloseable {

    private static final int PREFACE_LENGTH = 24;
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;
    /** {@code :status 200}, entry 8 of HPACK's static table. */
    private static final byte[] STATUS_200 = {(byte) 0x88};

    private final RawServer server;
    private final boolean answersHead;
    private final Map<Socket, Set<Integer>> openStreams = new ConcurrentHashMap<>();

    /** Answers nothing, or a head and some bytes of a body. */
    RawHttp2Server(boolean answersHead) {
        this.answersHead = answersHead;
        this.server = RawServer.serving(this::serve);
    }

    private void serve(Socket socket, InputStream input) throws IOException {
        Set<Integer> streams = ConcurrentHashMap.newKeySet();
        openStreams.put(socket, streams);
        try {
            DataInputStream in = new DataInputStream(input);
            OutputStream out = socket.getOutputStream();
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
                        if (answersHead) {
                            send(out, HEADERS, END_HEADERS, stream, STATUS_200);
                            send(out, DATA, 0, stream, new byte[1000]);
                        }
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

    private static void send(OutputStream out, int type, int flags, int stream, byte[] payload) throws IOException {
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

    String url(String path) {
        return server.url(path);
    }

    @Override
    public void close() {
        server.close();
    }
}
