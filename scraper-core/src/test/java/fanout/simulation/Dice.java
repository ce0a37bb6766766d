package fanout.simulation;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** Chance, by seed. Not thread-safe. */
final class Dice {

    private final SplittableRandom random;

    Dice(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** Chance for one thing of a seed, which does not depend on what was drawn for others. */
    static Dice of(long seed, String thing, int count) {
        return new Dice(seed * 31 + thing.hashCode() * 0x9E37_79B9L + count);
    }

    SplittableRandom random() {
        return random;
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** Both ends included. */
    int between(int least, int most) {
        return random.nextInt(least, most + 1);
    }

    long nanosUpTo(Duration most) {
        return random.nextLong(most.toNanos() + 1);
    }

    /** A millisecond or more; as likely a short time as a long one: each doubling has the same chance. */
    Duration anyUpTo(Duration most) {
        double doublings = Math.log((double) most.toMillis()) / Math.log(2);
        return Duration.ofNanos((long) (1e6 * Math.pow(2, random.nextDouble() * doublings)));
    }

    @SafeVarargs
    final <T> T oneOf(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
