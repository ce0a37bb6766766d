package fanout.internal.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import okio.Buffer;
import okio.ByteString;

/**
 * Reads the frames of an HTTP/2 connection before OkHttp does, and looks at the fields of each head. OkHttp (5.5.1)
 * takes a head with two {@code :status}, with pseudo-header fields behind others, or with line breaks in a value; a
 * client must treat these as malformed. It bounds neither the bytes nor the fields of a head.
 *
 * <p>Frames are passed on as they came, because OkHttp's table of fields (HPACK) must see what its server has sent.
 * What is to be said of a head is a field more, in a frame more behind it: {@link #MALFORMED} with the reason, or
 * {@link ReceivedHead#LOCATION}. No server can send these itself, for unknown pseudo-header fields are malformed. A
 * stream whose interim response or trailers are malformed is reset, as its server would reset it. A head that is too
 * long ends the connection.
 *
 * <p>Source: RFC 9113, sections 4.1, 6.2, 8.1 to 8.3; ADR 0048. Confined to the thread that reads the connection.
 */
final class Http2Heads {

    /** The name of a field that is added to a malformed head, whose value says what is wrong. */
    static final String MALFORMED = ":malformed";

    /** The fields of one block after the other. */
    @FunctionalInterface
    interface HeaderBlocks {

        /**
         * Reads the next block.
         *
         * @throws IOException if it is not HPACK; the blocks that follow cannot be read either
         */
        List<Field> read(Buffer block) throws IOException;
    }

    record Field(ByteString name, ByteString value) {}

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int PUSH_PROMISE = 5;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int PADDED = 8;
    private static final int PRIORITY = 0x20;
    private static final int PROTOCOL_ERROR = 1;

    private static final int FRAME_HEADER = 9;
    private static final int LONGEST_FRAME = 16 << 10;
    /** As for a head of HTTP/1. */
    private static final int LONGEST_HEAD = 256 << 10;
    /** What a field counts in addition to its bytes (RFC 9113, section 10.5.1). */
    private static final int FIELD_OVERHEAD = 32;
    private static final int PIECE = 1 << 10;
    /** Streams are forgotten when they end, except those that the client gives up. */
    private static final int MOST_STREAMS = 1_000;

    private static final String LENGTH = "content-length";
    private static final ByteString STATUS = ByteString.encodeUtf8(":status");
    private static final ByteString LOCATION = ByteString.encodeUtf8("location");

    private final InputStream in;
    private final Optional<HeaderBlocks> blocks;
    /** Received, and to be passed on. */
    private final Buffer ready = new Buffer();
    private final byte[] piece = new byte[PIECE];
    private int pieceAt;
    private int pieceEnd;
    /** Of a frame: to be passed on as it comes. */
    private int left;
    /** The frames of a head that is not complete. */
    private final Buffer held = new Buffer();
    private final Buffer block = new Buffer();
    private boolean isIncomplete;
    private int kind;
    private int flags;
    private int streamOfHead;
    /** Whose response has begun. */
    private final TreeSet<Integer> answered = new TreeSet<>();

    /** @param blocks empty if nothing is looked at */
    Http2Heads(InputStream in, Optional<HeaderBlocks> blocks) {
        this.in = in;
        this.blocks = blocks;
    }

    int read(byte[] bytes, int offset, int length) throws IOException {
        if (blocks.isEmpty()) {
            return in.read(bytes, offset, length);
        }
        while (ready.exhausted()) {
            if (left > 0) {
                return readSome(bytes, offset, Math.min(left, length));
            }
            if (!readFrame(blocks.get())) {
                return -1;
            }
        }
        return ready.read(bytes, offset, length);
    }

    private int readSome(byte[] bytes, int offset, int length) throws IOException {
        int count;
        if (pieceAt < pieceEnd) {
            count = Math.min(length, pieceEnd - pieceAt);
            System.arraycopy(piece, pieceAt, bytes, offset, count);
            pieceAt += count;
        } else {
            count = in.read(bytes, offset, length);
        }
        left -= Math.max(0, count);
        return count;
    }

    /** Returns the next byte, or -1 at the end. */
    private int next() throws IOException {
        if (pieceAt == pieceEnd) {
            pieceEnd = Math.max(0, in.read(piece, 0, PIECE));
            pieceAt = 0;
        }
        return pieceAt == pieceEnd ? -1 : piece[pieceAt++] & 0xFF;
    }

    private byte[] next(int count) throws IOException {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            int next = next();
            if (next < 0) {
                throw new EOFException("in the middle of a frame");
            }
            bytes[i] = (byte) next;
        }
        return bytes;
    }

    /** Returns false at the end. */
    private boolean readFrame(HeaderBlocks reader) throws IOException {
        int first = next();
        if (first < 0) {
            return false;
        }
        byte[] rest = next(FRAME_HEADER - 1);
        Buffer header = new Buffer().writeByte(first).write(rest);
        int lengthAndType = header.snapshot().asByteBuffer().getInt();
        int length = lengthAndType >>> 8;
        int type = lengthAndType & 0xFF;
        int stream = header.snapshot().asByteBuffer().getInt(5) & Integer.MAX_VALUE;
        int frameFlags = rest[3] & 0xFF;
        if (isIncomplete ? type != CONTINUATION || stream != streamOfHead : type == CONTINUATION) {
            throw new ProtocolException("a frame between those of a head");
        }
        boolean isOfHead = type == HEADERS || type == PUSH_PROMISE || type == CONTINUATION;
        if (!isOfHead || length > LONGEST_FRAME) {
            if (type == RST_STREAM || (type == DATA && (frameFlags & END_STREAM) != 0)) {
                answered.remove(stream);
            }
            ready.write(header, header.size());
            left = length;
            return true;
        }
        byte[] payload = next(length);
        if (type != CONTINUATION) {
            kind = type;
            flags = frameFlags;
            streamOfHead = stream;
        }
        isIncomplete = (frameFlags & END_HEADERS) == 0;
        append(type, frameFlags, payload);
        if (held.size() + payload.length > LONGEST_HEAD) {
            throw new ProtocolException("a head longer than 256 KiB");
        }
        if (isIncomplete) {
            held.write(header, header.size());
            held.write(payload);
        } else {
            end(reader.read(block), header.readByteArray(), payload, stream);
        }
        return true;
    }

    /** Adds what a frame holds of a block, between its priority and its padding. */
    private void append(int type, int frameFlags, byte[] payload) throws ProtocolException {
        boolean isPadded = type != CONTINUATION && (frameFlags & PADDED) != 0;
        int begin = (isPadded ? 1 : 0)
                + (type == PUSH_PROMISE ? 4 : 0)
                + (type == HEADERS && (frameFlags & PRIORITY) != 0 ? 5 : 0);
        int end = payload.length - (isPadded && payload.length > 0 ? payload[0] & 0xFF : 0);
        if (begin > end) {
            throw new ProtocolException("a frame with more padding than it is long");
        }
        block.write(payload, begin, end - begin);
    }

    /** A block is complete: its last frame is given, those before it are held. */
    private void end(List<Field> fields, byte[] header, byte[] payload, int stream) throws ProtocolException {
        long size = 0;
        for (Field field : fields) {
            size += field.name.size() + field.value.size() + FIELD_OVERHEAD;
        }
        if (size > LONGEST_HEAD) {
            throw new ProtocolException("a head longer than 256 KiB");
        }
        boolean isTrailers = answered.contains(stream);
        boolean isLast = (flags & END_STREAM) != 0;
        Optional<String> flaw = kind == PUSH_PROMISE ? Optional.empty() : flaw(fields, isTrailers);
        boolean isFinal = kind == HEADERS && !isTrailers && isFinal(fields);
        Buffer more = new Buffer();
        if (isFinal && flaw.isPresent()) {
            literal(STATUS.utf8(), status(fields), more); // of several, OkHttp reads the last
            literal(MALFORMED, "malformed HTTP/2 head: " + flaw.get(), more);
        } else if (isFinal) {
            if (status(fields).equals("204")) {
                literal(LENGTH, "0", more); // what it announces means nothing (section 8.1.1), but OkHttp refuses it
            }
            location(fields).ifPresent(location -> literal(ReceivedHead.LOCATION, location, more));
        }
        boolean isReset = flaw.isPresent() && !isFinal;
        byte[] heldFrames = held.readByteArray();
        byte[] firstHeader = heldFrames.length > 0 ? heldFrames : header;
        if (isReset) {
            firstHeader[4] &= ~END_STREAM;
        }
        if (more.size() > 0) {
            header[4] &= ~END_HEADERS;
        }
        ready.write(heldFrames).write(header).write(payload);
        if (more.size() > 0) {
            frameHeader((int) more.size(), CONTINUATION, END_HEADERS, stream);
            ready.write(more, more.size());
        }
        if (isReset) {
            frameHeader(Integer.BYTES, RST_STREAM, 0, stream);
            ready.writeInt(PROTOCOL_ERROR);
        }
        note(stream, isFinal, isLast || isReset);
    }

    private void note(int stream, boolean begins, boolean ends) {
        if (ends) {
            answered.remove(stream);
        } else if (begins) {
            answered.add(stream);
            if (answered.size() > MOST_STREAMS) {
                answered.pollFirst();
            }
        }
    }

    private void frameHeader(int length, int type, int frameFlags, int stream) {
        ready.writeInt(length << 8 | type).writeByte(frameFlags).writeInt(stream);
    }

    /** A field by its name, without a place in the table (RFC 7541, section 6.2.2). */
    private static void literal(String name, String value, Buffer out) {
        out.writeByte(0);
        string(name, out);
        string(value, out);
    }

    private static void string(String text, Buffer out) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int left = bytes.length - 0x7F;
        out.writeByte(Math.min(bytes.length, 0x7F));
        if (left >= 0) {
            while (left >= 0x80) {
                out.writeByte((left & 0x7F) | 0x80);
                left >>>= 7;
            }
            out.writeByte(left);
        }
        out.write(bytes);
    }

    private static boolean isFinal(List<Field> fields) {
        return fields.stream()
                .filter(field -> field.name.equals(STATUS))
                .findFirst()
                .filter(field -> field.value.size() == 3 && field.value.getByte(0) > '1')
                .isPresent();
    }

    private static String status(List<Field> fields) {
        return fields.stream().filter(field -> field.name.equals(STATUS)).findFirst().orElseThrow().value.utf8();
    }

    private static Optional<String> location(List<Field> fields) {
        return fields.reversed()
                .stream()
                .filter(field -> field.name.equals(LOCATION))
                .findFirst()
                .flatMap(field -> ReceivedHead.percentEncoded(field.value))
                .filter(location -> location.length() < LONGEST_FRAME / 2);
    }

    /** Returns what makes a head or trailers malformed; empty if nothing does. */
    private static Optional<String> flaw(List<Field> fields, boolean isTrailers) {
        int statuses = 0;
        boolean isBehindOthers = false;
        for (Field field : fields) {
            boolean isPseudo = field.name.size() > 0 && field.name.getByte(0) == ':';
            if (isPseudo && isTrailers) {
                return Optional.of("a pseudo-header field in trailers");
            }
            if (isPseudo && isBehindOthers) {
                return Optional.of("a pseudo-header field behind others");
            }
            if (isPseudo && !field.name.equals(STATUS)) {
                return Optional.of("a pseudo-header field that is no response's");
            }
            if (!isPseudo && !isName(field.name)) {
                return Optional.of("a field name with a character that none may have");
            }
            if (!isValue(field.value)) {
                return Optional.of("a line break or NUL in a field value");
            }
            isBehindOthers |= !isPseudo;
            statuses += isPseudo ? 1 : 0;
        }
        return isTrailers || statuses == 1 ? Optional.empty() : Optional.of(statuses + " :status fields");
    }

    private static boolean isName(ByteString name) {
        for (int i = 0; i < name.size(); i++) {
            byte c = name.getByte(i);
            if (c <= ' ' || c == ':' || c == 0x7F || (c >= 'A' && c <= 'Z')) {
                return false;
            }
        }
        return name.size() > 0;
    }

    private static boolean isValue(ByteString value) {
        for (int i = 0; i < value.size(); i++) {
            byte c = value.getByte(i);
            if (c == 0 || c == '\n' || c == '\r') {
                return false;
            }
        }
        return true;
    }
}
