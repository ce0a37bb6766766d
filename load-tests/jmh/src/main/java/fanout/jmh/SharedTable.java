package fanout.jmh;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** All threads read and write one table of counts by host: almost only reads, or as many writes. */
public class SharedTable extends Workload {

    private static final int HOSTS = 1024;
    private static final String[] NAMES = names();

    /** How it is shared. */
    public enum By {
        MUTEX, MONITOR, READ_WRITE_LOCK, ATOMIC, ADDER, CHANNEL
    }

    @Param
    public By by = By.MUTEX;

    @Param({"1", "50"})
    public int writePercent;

    private static String[] names() {
        String[] names = new String[HOSTS];
        for (int i = 0; i < HOSTS; i++) {
            names[i] = "host-" + i + ".example";
        }
        return names;
    }

    @Benchmark
    public long use() throws InterruptedException, ExecutionException {
        CountTable table = shared();
        AtomicLong written = new AtomicLong();
        shareOut((thread, share) -> written.addAndGet(use(table.access(), thread, share)));
        return checked(table.total(), written.get());
    }

    /** Returns how much it wrote. Reads and writes take turns, over all hosts. */
    private long use(CountTable.Access access, int thread, int share) throws InterruptedException {
        long writes = 0;
        long read = 0;
        for (int i = 0; i < share; i++) {
            String host = NAMES[(i * 31 + thread * 977) & (HOSTS - 1)];
            if (i * 37L % 100 < writePercent) {
                access.add(host);
                writes++;
            } else {
                read += access.get(host);
            }
        }
        if (read > (long) share * operations) { // what was read is used, and no count is above the number of all writes
            throw new IllegalStateException("read " + read);
        }
        return writes;
    }

    private CountTable shared() {
        return switch (by) {
            case MUTEX -> new Tables.Mutex();
            case MONITOR -> new Tables.Monitor();
            case READ_WRITE_LOCK -> new Tables.ReadWrite();
            case ATOMIC -> new Tables.Atomic();
            case ADDER -> new Tables.Adders();
            case CHANNEL -> new OwnedTable();
        };
    }
}
