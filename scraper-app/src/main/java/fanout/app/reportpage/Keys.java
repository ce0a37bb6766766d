package fanout.app.reportpage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that stand for texts, so that a million of them fit into little memory: 63 bits of a SHA-256, never 0. Two
 * texts have the same number by chance once in a thousand crawls of a hundred million URLs, and a site cannot make a
 * text with the number of another. Confined to one thread.
 */
final class Keys {

    private final MessageDigest digest;

    Keys() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    long of(String text) {
        long key = ByteBuffer.wrap(digest.digest(text.getBytes(UTF_8))).getLong() >>> 1;
        return key == 0 ? 1 : key;
    }

    /** Returns the key of a request: that of the URL for a plain GET, by which links know it. */
    long of(String url, String method, @Nullable String bodyHash) {
        return of(method.equals("GET") && bodyHash == null ? url : method + " " + url + " " + bodyHash);
    }
}
