package fanout.surefire;

import java.lang.reflect.InvocationTargetException;
import org.apache.maven.surefire.api.provider.AbstractProvider;
import org.apache.maven.surefire.api.provider.ProviderParameters;
import org.apache.maven.surefire.api.report.ReporterException;
import org.apache.maven.surefire.api.suite.RunResult;
import org.apache.maven.surefire.api.testset.TestSetFailedException;
import org.apache.maven.surefire.api.util.TestsToRun;
import org.apache.maven.surefire.junitplatform.JUnitPlatformProvider;
import org.jspecify.annotations.Nullable;

/**
 * Surefire's own provider for JUnit, except that it lists test classes without loading them.
 *
 * <p>To deal out test classes to several JVMs, Surefire asks its provider for them in Maven's JVM. Its own provider
 * loads them there, which fails if Maven runs on an older JDK than the one that the classes are for. Here each class is
 * represented by an empty one of the same name, because the name is all that is passed on. The JVM that runs a class
 * loads the real one, and leaves everything else to Surefire's own provider.
 */
public final class ByNameProvider extends AbstractProvider {

    private final ProviderParameters parameters;
    private @Nullable JUnitPlatformProvider provider;

    /** Called by Surefire, in Maven's JVM and in each JVM that runs tests. */
    public ByNameProvider(ProviderParameters parameters) {
        this.parameters = parameters;
    }

    /** Called in Maven's JVM only. */
    @Override
    public Iterable<Class<?>> getSuites() {
        TestsToRun named = parameters.getScanResult().applyFilter(type -> true, new EmptyClasses());
        return parameters.getRunOrderCalculator().orderTestClasses(named);
    }

    @Override
    public RunResult invoke(@Nullable Object tests)
            throws TestSetFailedException, ReporterException, InvocationTargetException {
        JUnitPlatformProvider junit = new JUnitPlatformProvider(parameters);
        synchronized (this) {
            provider = junit;
        }
        return junit.invoke(tests);
    }

    @Override
    public void cancel() {
        JUnitPlatformProvider running;
        synchronized (this) {
            running = provider;
        }
        if (running != null) {
            running.cancel();
        }
    }
}
