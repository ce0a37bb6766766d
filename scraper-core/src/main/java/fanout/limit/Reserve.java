package fanout.limit;

import org.jspecify.annotations.Nullable;

/**
 * A part of a room that one user at a time may fill, and whose user leaves it once that user is complete and fits outside.
 *
 * <p>Not thread-safe: guarded by the room's lock.
 */
final class Reserve {

    private @Nullable Object user;
    private long taken;

    /** Whether the user takes no more from now on. */
    private boolean isComplete;

    @SuppressWarnings("ReferenceEquality") // the user itself is asked for, not one that is equal to it
    boolean isUsedBy(Object someone) {
        return user == someone;
    }

    /** Takes so much for its user; without one, the taker becomes it. Returns false if another one uses the reserve. */
    boolean take(Object taker, long amount) {
        if (user != null && !isUsedBy(taker)) {
            return false;
        }
        user = taker;
        taken += amount;
        return true;
    }

    /** A completed user gives something back. Returns how much of it was of the reserve; nothing, if another one uses it. */
    long giveBack(Object giver, long amount) {
        if (!isUsedBy(giver)) {
            return 0;
        }
        isComplete = true;
        long ofReserve = Math.min(amount, taken);
        taken -= ofReserve;
        return ofReserve;
    }

    /** A completed user leaves if what it holds is free outside. Returns how much it takes there. */
    long leave(long freeOutside) {
        if (!isComplete || freeOutside < taken) {
            return 0;
        }
        long moved = taken;
        taken = 0;
        user = null;
        isComplete = false;
        return moved;
    }
}
