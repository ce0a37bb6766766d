package fanout.internal.host;

import java.util.OptionalLong;

/** The slot of a host that has a number only. */
final class NumberedSlot extends Slot<Integer> {

    private final int number;

    NumberedSlot(int number) {
        this.number = number;
    }

    @Override
    public Integer owner() {
        return number;
    }

    @Override
    protected OptionalLong nextAt() {
        return OptionalLong.empty();
    }

    @Override
    protected boolean hasWork() {
        return false;
    }

    @Override
    protected int pages() {
        return 0;
    }
}
