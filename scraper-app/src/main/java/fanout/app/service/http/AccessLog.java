package fanout.app.service.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.app.json.Json;
import fanout.app.store.OwnFiles;
import fanout.page.Attempt;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One JSON line for each request, with the name of its token, and without queries, bodies and credentials. At
 * 16 MiB the file is set aside, in place of the one that was set aside before.
 *
 * <p>Thread-safe. Owns its file. A line that cannot be written is lost, which the log says once.
 */
public final class AccessLog implements RequestListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
    private static final long MOST_BYTES = 16L << 20;

    private final Path file;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private OutputStream out;
    @GuardedBy("lock")
    private long bytes;
    @GuardedBy("lock")
    private boolean failed;

    private AccessLog(Path file, OutputStream out, long bytes) {
        this.file = file;
        this.out = out;
        this.bytes = bytes;
    }

    /** Appends to the file, which may not exist yet. */
    public static AccessLog open(Path file) throws IOException {
        OutputStream out = appending(file);
        return new AccessLog(file, out, OwnFiles.size(file));
    }

    private static OutputStream appending(Path file) throws IOException {
        return OwnFiles.append(file);
    }

    @Override
    public void answered(Answered request) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", Attempt.TIMES.format(request.at()));
        line.put("remote", request.remote());
        request.token().ifPresent(token -> line.put("token", token));
        line.put("method", request.method());
        line.put("path", request.path());
        line.put("route", request.route());
        line.put("status", request.status());
        line.put("bytes", request.bytes());
        line.put("ms", request.duration().toMillis());
        line.put("complete", request.complete());
        byte[] text = (Json.line(line) + "\n").getBytes(UTF_8);
        lock.lock(); // a local file takes a line without waiting for anyone, and lines must not mix
        try {
            write(text);
        } catch (IOException e) {
            if (!failed) {
                failed = true;
                LOG.warn("cannot write {}; requests are not logged", file, e);
            }
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void write(byte[] text) throws IOException {
        if (bytes > MOST_BYTES) {
            setAside();
        }
        out.write(text);
        bytes += text.length;
        failed = false;
    }

    @GuardedBy("lock")
    private void setAside() throws IOException {
        out.close();
        if (Files.exists(file)) { // not if the last attempt got no further than this
            Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        out = appending(file);
        bytes = 0;
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            out.close();
        } finally {
            lock.unlock();
        }
    }
}
