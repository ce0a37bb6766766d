package fanout.pitfalls;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Test classes run again and again in one JVM: a schedule that leaves nothing to luck passes every time, and one that
 * only usually does so fails in some round. Confined to the thread that runs it.
 */
final class Rounds implements TestExecutionListener {

    private final Map<String, Integer> passes = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();
    private int round;

    private Rounds() {}

    /** Runs all tests of these classes this often. */
    static Rounds run(List<Class<?>> classes, int rounds) {
        LauncherDiscoveryRequest tests = LauncherDiscoveryRequestBuilder.request()
                .selectors(classes.stream().map(DiscoverySelectors::selectClass).toList())
                .build();
        Launcher launcher = LauncherFactory.create();
        Rounds all = new Rounds();
        for (all.round = 1; all.round <= rounds; all.round++) {
            launcher.execute(tests, all);
        }
        return all;
    }

    @Override
    public void executionFinished(TestIdentifier what, TestExecutionResult result) {
        if (result.getStatus() != Status.SUCCESSFUL) {
            failures.add("round %d: %s: %s".formatted(round, what.getUniqueId(), result));
        } else if (what.isTest()) {
            passes.merge(what.getUniqueId(), 1, Integer::sum);
        }
    }

    /** How often each test has passed; a test that was skipped did not. */
    Map<String, Integer> passesOfEachTest() {
        return passes;
    }

    /** What did not pass, with the round in which it did not. */
    List<String> failures() {
        return failures;
    }
}
