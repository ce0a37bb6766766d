package fanout.simulation;

import fanout.journal.JournalException;
import fanout.journal.JournalException.Refusal;
import fanout.journal.Space;
import fanout.journal.TestVolume;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A disk whose machine may lose its power at any call. What was synced is there afterwards; of the rest each sector may
 * be there or not, in any order, and a file may have grown by zeros. Confined to the simulation.
 */
final class SimulatedDisk {

    private static final int SECTOR = 64;
    static final String JOURNAL = "crawl.journal";

    private final Dice dice;
    private final Map<String, Content> files = new LinkedHashMap<>();
    private final long leastToCompact;
    private boolean isHeld;
    private boolean isOff;
    private long calls;
    private long lastCall = Long.MAX_VALUE;
    private @Nullable Runnable powerCut;
    private Runnable pause = () -> {};

    SimulatedDisk(Dice dice) {
        this.dice = dice;
        this.leastToCompact = dice.oneOf(100L, 500L, 2_000L, Long.MAX_VALUE);
    }

    /** A file as the program sees it, and as it is on the disk. */
    static final class Content {

        private byte[] seen = new byte[0];
        private byte[] synced = new byte[0];
        private final List<Change> unsynced = new ArrayList<>();

        int size() {
            return seen.length;
        }

        byte[] bytes() {
            return seen;
        }
    }

    /** A part of a file that was written, or, without bytes, its end. */
    private record Change(long at, byte @Nullable [] bytes) {

        byte[] appliedTo(byte[] content) {
            if (bytes == null) {
                return Arrays.copyOf(content, (int) Math.min(at, content.length));
            }
            byte[] changed = Arrays.copyOf(content, (int) Math.max(content.length, at + bytes.length));
            System.arraycopy(bytes, 0, changed, (int) at, bytes.length);
            return changed;
        }
    }

    /** The machine has power. It loses it in this call from now, if there is one. */
    void powerOn(long callsFromNow, Runnable whenItIsLost, Runnable whileItSyncs) {
        isHeld &= !isOff; // the kernel gives the locks of a dead process back
        isOff = false;
        lastCall = callsFromNow == Long.MAX_VALUE ? callsFromNow : calls + callsFromNow;
        powerCut = whenItIsLost;
        pause = whileItSyncs;
    }

    FileChannel open(String name) {
        return new SimulatedFile(this, files.computeIfAbsent(name, _ -> new Content()));
    }

    byte[] bytes(String name) {
        return files.getOrDefault(name, new Content()).bytes();
    }

    /** What a machine without power has lost, a process that is killed has not: the system still writes it. */
    boolean isOff() {
        return isOff;
    }

    void write(Content file, long at, byte[] bytes) throws IOException {
        begin();
        Change change = new Change(at, bytes);
        file.unsynced.add(change);
        file.seen = change.appliedTo(file.seen);
        end();
    }

    void cut(Content file, long size) throws IOException {
        begin();
        Change change = new Change(size, null);
        file.unsynced.add(change);
        file.seen = change.appliedTo(file.seen);
        end();
    }

    void sync(Content file) throws IOException {
        begin();
        pause.run();
        begin();
        file.synced = file.seen;
        file.unsynced.clear();
        end();
    }

    private void begin() throws IOException {
        if (isOff) {
            throw new IOException("the machine is off");
        }
    }

    private void end() throws IOException {
        if (++calls >= lastCall) {
            cutPower();
            begin();
        }
    }

    /** From now on nothing is written; the files are as a disk may leave them. */
    void cutPower() {
        if (!isOff) {
            isOff = true;
            files.values().forEach(this::settle);
            Objects.requireNonNull(powerCut).run();
        }
    }

    private void settle(Content file) {
        double survives = dice.oneOf(0.0, 0.5, 0.5, 1.0);
        byte[] left = file.synced;
        for (Change change : file.unsynced) {
            left = survivors(change, survives, left);
        }
        boolean grown = left.length < file.seen.length && dice.chance(0.3);
        file.seen = grown ? Arrays.copyOf(left, file.seen.length) : left;
        file.synced = file.seen;
        file.unsynced.clear();
    }

    private byte[] survivors(Change change, double survives, byte[] before) {
        byte[] bytes = change.bytes;
        if (bytes == null) {
            return dice.chance(survives) ? change.appliedTo(before) : before;
        }
        byte[] after = before;
        for (int from = 0; from < bytes.length; from += SECTOR) {
            if (dice.chance(survives)) {
                after = new Change(change.at + from,
                        Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + SECTOR))).appliedTo(after);
            }
        }
        return after;
    }

    /**
     * What a life may take: the journal and the lines that are to come. Once it is spent it stays so, whatever is
     * given back.
     */
    static final class Bounds implements Space {

        private final long most;
        private final LongSupplier time;
        private long taken;
        private long reserved;
        private long spentAt = Long.MAX_VALUE;

        /**
         * @param most bytes
         * @param time of the life
         */
        Bounds(long most, LongSupplier time) {
            this.most = most;
            this.time = time;
        }

        /** When all was spent; the end of time if it never was. */
        long spentAt() {
            return spentAt;
        }

        private void look() {
            if (taken + reserved >= most) {
                spentAt = Math.min(spentAt, time.getAsLong());
            }
        }

        @Override
        public void take(long bytes) {
            taken += bytes;
            look();
        }

        @Override
        public void giveBack(long bytes) {
            taken -= bytes;
        }

        @Override
        public void reserve(long bytes) {
            reserved += bytes;
            look();
        }

        @Override
        public boolean hasRoom() {
            return true; // what is dropped would be missing at the end
        }

        @Override
        public boolean isSpent() {
            return spentAt < Long.MAX_VALUE;
        }

        @Override
        public IOException exceeded() {
            return new IOException("all space is spent");
        }
    }

    /** Where the journal lies. */
    TestVolume volume(Space space) {
        return new TestVolume() {

            private static final String NEXT = JOURNAL + ".next";

            @Override
            public String name() {
                return JOURNAL;
            }

            @Override
            public FileChannel open() throws IOException {
                if (isHeld) {
                    throw new JournalException(Refusal.HELD, "another crawl has it");
                }
                isHeld = true;
                return SimulatedDisk.this.open(JOURNAL);
            }

            @Override
            public FileChannel openNext() {
                files.remove(NEXT);
                return SimulatedDisk.this.open(NEXT);
            }

            @Override
            public void replace() throws IOException {
                begin();
                files.put(JOURNAL, Objects.requireNonNull(files.remove(NEXT)));
                end();
            }

            @Override
            public void remove() throws IOException {
                begin();
                files.remove(JOURNAL);
                end();
            }

            @Override
            public Space space() {
                return space;
            }

            @Override
            public long leastToCompact() {
                return leastToCompact;
            }

            @Override
            public void release() {
                isHeld = false;
            }
        };
    }
}
