package fanout.races;

import fanout.races.Hunt.Effort;
import org.jetbrains.lincheck.LincheckAssertionError;

/** Runs one hunt. The exit code tells what came of it, and the output is the schedule that was found. */
public final class HuntMain {

    static final int NOTHING_FOUND = 0;
    /** Not 1, with which a JVM ends that did not come so far. */
    static final int FOUND = 42;

    private HuntMain() {}

    /** The class of the hunt, the number of scenarios, the number of schedules of each. */
    public static void main(String[] args) throws ReflectiveOperationException {
        Hunt hunt = Class.forName(args[0]).asSubclass(Hunt.class).getDeclaredConstructor().newInstance();
        Effort effort = new Effort(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        try {
            hunt.run(effort);
            System.exit(NOTHING_FOUND); // and wait for no thread that Lincheck has given up
        } catch (LincheckAssertionError found) {
            System.out.println(found.getMessage());
            System.exit(FOUND);
        }
    }
}
