package fanout.app.service.crawl;

import fanout.app.store.CrawlFolder;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Makes ids: the time, then chance, so they sort as they were made and cannot be guessed. Thread-safe. */
final class CrawlIds {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final AtomicLong last = new AtomicLong();

    /** Whether a text could be an id. */
    static boolean isId(String text) {
        return CrawlFolder.isId(text);
    }

    String next() {
        long millis = last.updateAndGet(before -> Math.max(before + 1, System.currentTimeMillis()));
        return padded(Long.toString(millis, 36), 9) + padded(Long.toString(RANDOM.nextLong(1L << 41), 36), 8);
    }

    private static String padded(String digits, int length) {
        return "0".repeat(length - digits.length()) + digits;
    }
}
