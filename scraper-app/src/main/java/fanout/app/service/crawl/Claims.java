package fanout.app.service.crawl;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Crawls that have ended and that one request changes: it goes on with them, or deletes them. Another one that comes meanwhile is
 * refused, and does not wait. Thread-safe.
 */
final class Claims {

    private final Set<String> ids = ConcurrentHashMap.newKeySet();

    /** Claims a crawl; null if another has it. */
    @Nullable
    Claim claim(String id) {
        return ids.add(id) ? new Claim(id) : null;
    }

    /** A crawl that is no other's until this is closed. */
    final class Claim implements AutoCloseable {

        private final String id;

        private Claim(String id) {
            this.id = id;
        }

        @Override
        public void close() {
            ids.remove(id);
        }
    }
}
