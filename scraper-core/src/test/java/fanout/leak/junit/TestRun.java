package fanout.leak.junit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/**
 * A class of tests, run as JUnit runs it within this module: with the extensions that every test has, and no others.
 */
public final class TestRun {

    private static final String PASSED = "passed";

    private final Map<String, Throwable> failures = new LinkedHashMap<>();
    private final Map<String, String> outcomes = new LinkedHashMap<>();

    private TestRun() {}

    /** Runs it; what is about to end has this long. */
    public static TestRun of(Class<?> tests, String grace) {
        return of(tests, Map.of(LeakExtension.GRACE, grace));
    }

    static TestRun of(Class<?> tests, Map<String, String> parameters) {
        TestRun run = new TestRun();
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(tests))
                .enableImplicitConfigurationParameters(true)
                .configurationParameters(parameters)
                .execute()
                .allEvents()
                .finished()
                .list()
                .forEach(run::ended);
        return run;
    }

    private void ended(Event event) {
        String name = event.getTestDescriptor().getDisplayName();
        Throwable thrown = event.getRequiredPayload(TestExecutionResult.class).getThrowable().orElse(null);
        if (thrown != null) {
            failures.put(name, thrown);
        }
        outcomes.put(name, thrown == null ? PASSED : String.valueOf(thrown.getMessage()));
    }

    /** What each test, and its class, ended with: {@code passed}, or the message of its failure. */
    public Map<String, String> outcomes() {
        return Map.copyOf(outcomes);
    }

    /** What the one that failed said. */
    public String failure(String test) {
        if (!failures.containsKey(test)) {
            throw new AssertionError(test + " did not fail: " + outcomes);
        }
        return outcomes.get(test);
    }

    Throwable thrownBy(String test) {
        failure(test);
        return failures.get(test);
    }
}
