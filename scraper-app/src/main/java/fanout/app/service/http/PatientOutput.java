package fanout.app.service.http;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A reply's body on its way, in pieces: each piece that the reader takes gives the request its whole time again, so a reader
 * that takes none for that long is cut off, and a slow one is not. Confined to the request's thread.
 */
final class PatientOutput extends OutputStream {

    private static final int PIECE = 64 << 10;

    private final OutputStream out;
    private long written;

    PatientOutput(OutputStream out) {
        this.out = out;
    }

    long written() {
        return written;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[]{(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int at = 0; at < length; at += PIECE) {
            int piece = Math.min(PIECE, length - at);
            RequestThreads.progressed();
            out.write(bytes, offset + at, piece);
            written += piece;
        }
    }

    @Override
    public void flush() throws IOException {
        RequestThreads.progressed();
        out.flush();
    }

    @Override
    public void close() throws IOException {
        RequestThreads.progressed();
        out.close();
    }
}
