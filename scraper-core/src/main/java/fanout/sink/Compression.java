package fanout.sink;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import com.github.luben.zstd.util.Native;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * How the bytes of an output file are compressed: as members (gzip) or frames (zstd), one behind another, each of whole
 * lines. Programs such as {@code gzip -dc} and {@code zstd -dc} read them as one text.
 *
 * <p>Zstd is done by zstd-jni, which a program that uses it adds to its class path; its native library is loaded when
 * the first file is opened.
 */
public enum Compression {

    /** The bytes as they are. */
    NONE("") {
        @Override
        public InputStream reading(InputStream file) {
            return file;
        }

        @Override
        OutputStream member(OutputStream to) {
            return to;
        }
    },

    /** RFC 1952. */
    GZIP(".gz") {
        @Override
        public InputStream reading(InputStream file) throws IOException {
            return new GZIPInputStream(file, PIECE);
        }

        @Override
        OutputStream member(OutputStream to) throws IOException {
            return new GZIPOutputStream(to, PIECE);
        }
    },

    /** RFC 8878. */
    ZSTD(".zst") {
        @Override
        public InputStream reading(InputStream file) throws IOException {
            prepare();
            return new ZstdInputStreamNoFinalizer(file);
        }

        @Override
        OutputStream member(OutputStream to) throws IOException {
            return new ZstdOutputStreamNoFinalizer(to).setChecksum(true);
        }

        @Override
        void prepare() throws IOException {
            try {
                Native.load();
            } catch (NoClassDefFoundError e) {
                throw new IOException("zstd-jni is not on the class path; add com.github.luben:zstd-jni, or write .gz",
                        e);
            } catch (UnsatisfiedLinkError | ExceptionInInitializerError e) {
                throw new IOException("the native library of zstd cannot be loaded (" + e.getMessage()
                        + "); name a folder for it by -DZstdTempFolder=FOLDER, or write .gz", e);
            }
        }
    };

    private static final int PIECE = 64 << 10;

    private final String ending;

    Compression(String ending) {
        this.ending = ending;
    }

    /** What the name of such a file ends in, as in {@code .gz}; empty for {@link #NONE}. */
    public String ending() {
        return ending;
    }

    /** Returns the compression that the name of a file says. */
    public static Compression of(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(GZIP.ending) ? GZIP : name.endsWith(ZSTD.ending) ? ZSTD : NONE;
    }

    /**
     * Returns the text of a file; closing it closes the file.
     *
     * @throws IOException if the file cannot be read, or what can read it is missing
     */
    public abstract InputStream reading(InputStream file) throws IOException;

    /** Begins a member, which ends when it is closed; that closes what it is written to. */
    abstract OutputStream member(OutputStream to) throws IOException;

    /**
     * Has what compresses loaded.
     *
     * @throws IOException if it is missing; the message says what helps
     */
    void prepare() throws IOException {}
}
