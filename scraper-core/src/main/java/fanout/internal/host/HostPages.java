package fanout.internal.host;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pages that wait at a host: in its queue, and in lanes those that were set aside to let others pass. A page stays
 * in the queue until it is the first and its label has no share left. So pages of a lane were found before those of the
 * queue, and go before their equals there. A host without pages whose label is limited has no lanes.
 *
 * <p>Guarded by the frontier's lock.
 *
 * @param <H> the host
 */
abstract class HostPages<H extends Lane.Place> extends PageQueue<H> {

    private @Nullable Lanes<H> lanes;

    /** Returns how many pages of each label may be ok. */
    abstract LabelShares labels();

    /** Returns the lanes of pages that were set aside. */
    List<Lane<H>> lanes() {
        return lanes == null ? List.of() : lanes.all();
    }

    @Override
    void add(Pending page) {
        super.add(page);
        if (lanes == null && labels().of(page.request()) != LabelShares.UNLIMITED) {
            lanes = new Lanes<>(owner(), labels());
        }
        if (lanes != null) {
            lanes.queued(page);
        }
    }

    /**
     * Takes the first of the pages that are due and whose label has a share left. Pages before it are set aside.
     *
     * @param most pages that may be set aside
     * @return null if there is none, or so many were set aside
     */
    @Nullable
    Pending takePage(long now, int most) {
        if (lanes == null) {
            return takePage(now);
        }
        Lane<H> lane = lanes.first(now);
        for (int aside = 0; aside < most; aside++) {
            if (!hasDue(now) || (lane != null && lane.isBefore(this, now))) {
                return lane == null ? null : lane.takePage(now);
            }
            Pending page = takePage(now);
            lanes.taken(page);
            if (!lanes.setAside(page)) {
                return page;
            }
        }
        return null;
    }

    @Override
    List<Pending> takePages(int most) {
        List<Pending> some = super.takePages(most);
        if (lanes != null) {
            some.forEach(lanes::taken);
            some.addAll(lanes.takePages(most - some.size()));
        }
        return some;
    }

    /** Returns how many pages wait, in the queue and in lanes. */
    int waiting() {
        return super.pages() + (lanes == null ? 0 : lanes.pages());
    }

    /** Returns how many pages wait in the queue, but not in vain: their labels are not spent. */
    @Override
    protected int pages() {
        return super.pages() - (lanes == null ? 0 : lanes.cutInQueue());
    }

    /** Returns how many pages wait in vain, in the queue and in lanes, since their labels are spent. */
    int cutByLabels() {
        return lanes == null ? 0 : lanes.cut();
    }

    @Override
    boolean hasPages() {
        return waiting() > 0;
    }

    @Override
    long waitingBytes() {
        return super.waitingBytes() + (lanes == null || !hasPages() ? 0 : lanes.bytes());
    }
}
