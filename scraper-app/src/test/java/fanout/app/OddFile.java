package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** What can lie in the place of a regular file. */
public enum OddFile {
    /** To a file that is not the service's. */
    LINK("is a symbolic link"),
    /** Whoever opens it waits for its other end. */
    PIPE("is a pipe, a socket or a device"),
    /** Its folder must be short: a path of a socket has at most a hundred bytes. */
    SOCKET("is a pipe, a socket or a device"),
    /** An empty one. */
    FOLDER("is a folder");

    private final String words;

    OddFile(String words) {
        this.words = words;
    }

    /** What a person is told that it is. */
    public String words() {
        return words;
    }

    /**
     * Puts it in a file's place.
     *
     * @param target of a link
     */
    public void replace(Path file, Path target) throws IOException {
        Files.deleteIfExists(file);
        switch (this) {
            case LINK -> Files.createSymbolicLink(file, target);
            case PIPE -> makePipe(file);
            case SOCKET -> {
                try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                    server.bind(UnixDomainSocketAddress.of(file)); // its file stays when it is closed
                }
            }
            case FOLDER -> Files.createDirectory(file);
        }
    }

    private static void makePipe(Path file) throws IOException {
        try {
            assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a pipe is made", e);
        }
    }
}
