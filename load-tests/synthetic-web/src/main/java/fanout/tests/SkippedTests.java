package fanout.tests;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Lists every test that was skipped by its name, with the reason, at the end of a module's tests: a count says too
 * little to find out what a machine did not prove. Registered by {@code META-INF/services}. Thread-safe.
 */
public final class SkippedTests implements TestExecutionListener {

    private final List<String> skipped = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        note(test, reason);
    }

    /** An assumption did not hold. */
    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == Status.ABORTED) {
            note(test, result.getThrowable().map(Throwable::getMessage).orElse("an assumption does not hold"));
        }
    }

    private void note(TestIdentifier test, String reason) {
        skipped.add("skipped: %s %s: %s".formatted(
                test.getParentIdObject().map(parent -> parent.getLastSegment().getValue()).orElse(""),
                test.getDisplayName(), reason));
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        skipped.forEach(System.out::println);
    }
}
