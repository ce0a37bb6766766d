package fanout.internal.host;

import fanout.internal.task.Times;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which host is next: hosts that are ready take turns, the others wait in the order in which they become ready. A host
 * is {@linkplain #place placed} again whenever something happened to it, so what stands here as ready is ready; time
 * alone moves a host from waiting to ready, when {@link #wakeDue} looks.
 *
 * <p>Guarded by the frontier's lock.
 *
 * @param <H> the host
 */
final class Schedule<H> {

    /** Hosts moved in one look: with 100,000 due at one moment, no look holds the lock for long. */
    private static final int MOST_WOKEN = 64;

    private final SlotList<H> ready = new SlotList<>();
    private final WaitingSlots<H> waiting = new WaitingSlots<>();
    private final LongSupplier turns;
    private long readyPages;
    private int blocked;

    /**
     * @param turns numbers that grow, for the hosts that become ready: schedules with the same numbers can be compared
     */
    public Schedule(LongSupplier turns) {
        this.turns = turns;
    }

    /** Puts a host where it belongs now. One that was ready and is still keeps its turn. */
    public void place(Slot<H> slot, long now) {
        OptionalLong at = slot.nextAt();
        boolean isReady = Times.isDue(at, now);
        if (slot.isReady && !isReady) {
            ready.remove(slot);
        }
        if (isReady || at.isEmpty()) {
            waiting.remove(slot);
        } else {
            waiting.put(slot, at.getAsLong());
        }
        if (isReady && !slot.isReady) {
            slot.turn = turns.getAsLong();
            ready.add(slot);
        }
        slot.isReady = isReady;
        boolean isBlocked = at.isEmpty() && slot.hasWork();
        blocked += (isBlocked ? 1 : 0) - (slot.isBlocked ? 1 : 0);
        slot.isBlocked = isBlocked;
        int pages = isReady ? slot.pages() : 0;
        readyPages += pages - slot.counted;
        slot.counted = pages;
    }

    /** A host has had its turn: if it is ready still, it goes behind the others when it is placed again. */
    public void turnTaken(Slot<H> slot) {
        if (slot.isReady) {
            ready.remove(slot);
            slot.isReady = false;
            readyPages -= slot.counted;
            slot.counted = 0;
        }
    }

    /** The host that has been ready longest; null if none is. */
    public @Nullable Slot<H> first(long now) {
        wakeDue(now);
        return ready.first();
    }

    /** Moves hosts whose time has come to those that are ready. */
    public void wakeDue(long now) {
        for (int i = 0; i < MOST_WOKEN && waiting.isDue(now); i++) {
            place(Objects.requireNonNull(waiting.first()), now);
        }
    }

    /** Whether no host is, or by time alone becomes, ready. */
    public boolean isEmpty() {
        return ready.isEmpty() && waiting.isEmpty();
    }

    /** Whether a host has work that only the end of a request, of this crawl or another, makes possible. */
    public boolean hasBlocked() {
        return blocked > 0;
    }

    /** When time alone makes a host ready, or now if one is; empty if none will be. */
    public OptionalLong nextAt(long now) {
        return ready.isEmpty() ? waiting.firstAt() : OptionalLong.of(now);
    }

    /** Pages at hosts that are ready. */
    public long readyPages() {
        return readyPages;
    }
}
