package fanout.app.reportpage;

/**
 * Numbers by keys that are not 0, in two arrays. Takes its memory from a budget; when that is used up, the table is
 * full: new keys are not taken, and those that it has still are. Confined to one thread.
 */
final class LongTable {

    private static final int FIRST_SLOTS = 1 << 10;
    private static final int MOST_SLOTS = 1 << 28;

    private final Budget budget;
    private long[] keys = new long[FIRST_SLOTS];
    private long[] values = new long[FIRST_SLOTS];
    private int size;
    private boolean isFull;

    LongTable(Budget budget) {
        this.budget = budget;
    }

    /** Memory that all tables of a page share. Confined to one thread. */
    static final class Budget {

        private long left;

        /** @param bytes those of keys and values */
        Budget(long bytes) {
            this.left = bytes;
        }

        private boolean take(long bytes) {
            if (bytes > left) {
                return false;
            }
            left -= bytes;
            return true;
        }

        private void giveBack(long bytes) {
            left += bytes;
        }
    }

    /** Takes a key and its value, for {@link #forEach}. */
    @FunctionalInterface
    interface Entry {
        void take(long key, long value);
    }

    int size() {
        return size;
    }

    /** Returns whether a key was not taken. */
    boolean isFull() {
        return isFull;
    }

    boolean contains(long key) {
        return keys[slot(key)] == key;
    }

    /** Returns the value of a key, or the other one if it is not there. */
    long get(long key, long otherwise) {
        int slot = slot(key);
        return keys[slot] == key ? values[slot] : otherwise;
    }

    /** Sets the value of a key. */
    void put(long key, long value) {
        int slot = slot(key);
        if (keys[slot] == key) {
            values[slot] = value;
        } else if (hasRoom()) {
            slot = slot(key);
            keys[slot] = key;
            values[slot] = value;
            size++;
        }
    }

    /** Adds to the value of a key, which is 0 before. */
    void add(long key, long more) {
        put(key, get(key, 0) + more);
    }

    void forEach(Entry entry) {
        for (int slot = 0; slot < keys.length; slot++) {
            if (keys[slot] != 0) {
                entry.take(keys[slot], values[slot]);
            }
        }
    }

    /** Returns the slot of the key, or the empty one where it would be. */
    private int slot(long key) {
        int mask = keys.length - 1;
        int slot = (int) key & mask; // keys are digests, so any of their bits will do
        while (keys[slot] != 0 && keys[slot] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /** Grows if there are too many keys; returns whether one more may be taken. */
    private boolean hasRoom() {
        if (size < keys.length / 4 * 3) {
            return true;
        }
        long bytes = 2L * Long.BYTES * keys.length;
        if (keys.length < MOST_SLOTS && budget.take(2 * bytes)) {
            grow();
            budget.giveBack(bytes);
            return true;
        }
        isFull = size >= keys.length / 16 * 15;
        return !isFull;
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldValues = values;
        keys = new long[2 * oldKeys.length];
        values = new long[2 * oldKeys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                values[slot] = oldValues[i];
            }
        }
    }
}
