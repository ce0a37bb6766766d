package fanout.internal.host;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a host knows of pages whose label is limited: how many wait in its queue, by label, and those that were set
 * aside.
 *
 * <p>Guarded by the frontier's lock.
 *
 * @param <H> the host
 */
final class Lanes<H extends Lane.Place> {

    /** Of this object, and for each label of its arrays. */
    private static final long OWN_BYTES = 60;
    private static final long LABEL_BYTES = 4;

    private final H host;
    private final LabelShares shares;
    private final int[] inQueue;
    private final List<Lane<H>> lanes = new ArrayList<>(1);
    private int last = LabelShares.UNLIMITED;
    private long run;

    Lanes(H host, LabelShares shares) {
        this.host = host;
        this.shares = shares;
        this.inQueue = new int[shares.count()];
    }

    /** Returns the lanes, one for each label of which a page was set aside; some may be empty. */
    List<Lane<H>> all() {
        return lanes;
    }

    /** A page is in the host's queue. */
    void queued(Pending page) {
        int label = shares.of(page.request());
        if (label != LabelShares.UNLIMITED) {
            inQueue[label]++;
        }
    }

    /** A page is not in the host's queue any more. */
    void taken(Pending page) {
        int label = shares.of(page.request());
        if (label != LabelShares.UNLIMITED) {
            inQueue[label]--;
        }
    }

    /** Sets a page aside that was taken from the queue; returns false if its label has a share left. */
    boolean setAside(Pending page) {
        int label = shares.of(page.request());
        if (shares.allowsOneMore(label)) {
            return false;
        }
        run += label == last ? 0 : 1;
        last = label;
        lane(label).add(page, run);
        return true;
    }

    private Lane<H> lane(int label) {
        for (Lane<H> lane : lanes) {
            if (lane.label() == label) {
                return lane;
            }
        }
        Lane<H> lane = new Lane<>(host, label);
        lanes.add(lane);
        return lane;
    }

    /** Returns the lane whose first page is next, of those whose label has a share left; null if there is none. */
    @Nullable
    Lane<H> first(long now) {
        Lane<H> first = null;
        for (Lane<H> lane : lanes) {
            if (lane.hasPages() && shares.allowsOneMore(lane.label()) && (first == null || lane.isBefore(first, now))) {
                first = lane;
            }
        }
        return first;
    }

    /** Takes so many pages, or all if there are fewer, whether their labels have shares or not. */
    List<Pending> takePages(int most) {
        List<Pending> some = new ArrayList<>();
        lanes.forEach(lane -> some.addAll(lane.takePages(most - some.size())));
        return some;
    }

    /** Returns how many pages of the queue wait in vain, since their labels have as many pages as they may. */
    int cutInQueue() {
        int pages = 0;
        for (int label = 0; label < inQueue.length; label++) {
            pages += shares.isSpent(label) ? inQueue[label] : 0;
        }
        return pages;
    }

    /** Returns how many pages wait in vain, here and in the queue. */
    int cut() {
        int pages = cutInQueue();
        for (Lane<H> lane : lanes) {
            pages += shares.isSpent(lane.label()) ? lane.pages() : 0;
        }
        return pages;
    }

    /** Returns how many pages are set aside. */
    int pages() {
        int pages = 0;
        for (Lane<H> lane : lanes) {
            pages += lane.pages();
        }
        return pages;
    }

    /** Returns what all this takes in memory, about. */
    long bytes() {
        long bytes = OWN_BYTES + LABEL_BYTES * inQueue.length;
        for (Lane<H> lane : lanes) {
            bytes += lane.waitingBytes();
        }
        return bytes;
    }
}
