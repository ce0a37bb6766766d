package fanout.app.service.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * How a crawl's figures changed with time: a point each second at first, and each time the room is full, half as many. So it
 * has at most {@value #MOST} points, however long the crawl. Thread-safe.
 */
final class Series {

    static final int MOST = 600;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private List<Point> points = new ArrayList<>();
    @GuardedBy("lock")
    private int stride = 1;
    @GuardedBy("lock")
    private int skipped;

    /**
     * A crawl at one moment.
     *
     * @param atMs since the run began
     * @param done URLs that have their outcome
     * @param p50Ms how long attempts took since the point before
     */
    record Point(long atMs, long ok, long done, int inFlight, long queued, double p50Ms, double p90Ms) {}

    /** @param point asked for if a point is due: it has what happened since the one before */
    void add(Supplier<Point> point) {
        lock.lock();
        try {
            if (++skipped < stride) {
                return;
            }
            skipped = 0;
            points.add(point.get());
            if (points.size() == MOST) {
                List<Point> half = new ArrayList<>();
                for (int i = 1; i < MOST; i += 2) {
                    half.add(points.get(i));
                }
                points = half;
                stride *= 2;
            }
        } finally {
            lock.unlock();
        }
    }

    List<Point> points() {
        lock.lock();
        try {
            return List.copyOf(points);
        } finally {
            lock.unlock();
        }
    }
}
