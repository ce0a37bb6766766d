package fanout.leak.junit;

import fanout.leak.AllowList;
import fanout.leak.Baseline;
import fanout.leak.Leak;
import java.lang.reflect.AnnotatedElement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;

/**
 * Fails a test that leaves a thread or a process behind, or something that a {@link fanout.leak.Lender} has lent: each
 * is named with its stack and the scopes around it.
 *
 * <p>A test has until after its {@code @AfterEach} methods and {@code @AutoClose} fields, and what its constructor
 * started is its own. What {@code @BeforeAll} methods and static fields start may stay as long as the class, and is
 * checked when that ends, after {@code @AfterAll}.
 *
 * <p>Registered for every test by a line in {@code META-INF/services} and JUnit's auto-detection, or for a class by
 * {@code @ExtendWith}; with threads of its own to allow by {@code @RegisterExtension static}. For tests that run one
 * after the other: of two that run at once it is unknown which one started what.
 */
public final class LeakExtension implements TestInstancePreConstructCallback, BeforeAllCallback, BeforeEachCallback {

    /**
     * JUnit's configuration parameter for the time that what is about to end has, as an ISO-8601 duration; five seconds
     * without it. A test that leaves nothing behind does not wait.
     */
    public static final String GRACE = "fanout.leak.grace";

    /**
     * JUnit's configuration parameter for threads that may stay, where the extension is registered for all tests: the
     * start of their names, {@code because}, and the reason.
     */
    public static final String ALLOW = "fanout.leak.allow";

    private static final String BECAUSE = " because ";
    private static final Duration USUAL_GRACE = Duration.ofSeconds(5);

    private final AllowList allowed;

    /** With the {@linkplain AllowList#standard standard} list. */
    public LeakExtension() {
        this(AllowList.standard());
    }

    /** With a list of one's own. */
    public LeakExtension(AllowList allowed) {
        this.allowed = allowed;
    }

    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    /** JUnit's first call for a test, unless one instance serves all tests of the class. */
    @Override
    public void preConstructTestInstance(TestInstanceFactoryContext instance, ExtensionContext context) {
        begin(context);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws ClassNotFoundException {
        begin(context);
        // What static fields start is the class's, so they must not wait for the first test.
        Class<?> test = context.getRequiredTestClass();
        Class.forName(test.getName(), true, test.getClassLoader());
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        begin(context);
    }

    /** JUnit closes what is first in a context's store last: after every callback and every other extension. */
    private void begin(ExtensionContext context) {
        context.getStore(namespace())
                .computeIfAbsent(context.getUniqueId(), _ -> new Check(Baseline.now(allowed(context)), context),
                        Check.class);
    }

    private AllowList allowed(ExtensionContext context) {
        return context.getConfigurationParameter(ALLOW).map(entry -> {
            int because = entry.indexOf(BECAUSE);
            if (because < 1) {
                throw new IllegalArgumentException(
                        "%s must be the start of a name, because, and the reason: %s".formatted(ALLOW, entry));
            }
            return allowed.plus(entry.substring(0, because), entry.substring(because + BECAUSE.length()));
        }).orElse(allowed);
    }

    /** A store answers with its parent's values, too; hence a context's check has the context's own name. */
    private ExtensionContext.Namespace namespace() {
        return ExtensionContext.Namespace.create(this);
    }

    /** Of one test, or of one class. */
    private final class Check implements AutoCloseable {

        private final Baseline baseline;
        private final ExtensionContext context;

        Check(Baseline baseline, ExtensionContext context) {
            this.baseline = baseline;
            this.context = context;
        }

        @Override
        public void close() {
            try (baseline) {
                Duration grace = context.getConfigurationParameter(GRACE, Duration::parse).orElse(USUAL_GRACE);
                List<Leak> leaks = new ArrayList<>(baseline.leaks(grace));
                enclosing(context).forEach(check -> check.baseline.accept(leaks));
                Optional<LeaksOnPurpose> onPurpose = context.getElement()
                        .map((AnnotatedElement element) -> element.getAnnotation(LeaksOnPurpose.class));
                if (onPurpose.isPresent() && !leaks.removeIf(leak -> leak.kind().equals(onPurpose.get().kind()))) {
                    throw new AssertionError("left no " + onPurpose.get().kind() + " behind, as it was said to");
                }
                if (!leaks.isEmpty()) {
                    throw new AssertionError(message(leaks));
                }
            }
        }
    }

    /** The checks of the classes around. */
    private List<Check> enclosing(ExtensionContext context) {
        List<Check> checks = new ArrayList<>();
        Optional<ExtensionContext> each = context.getParent();
        while (each.isPresent()) {
            Check check = each.get().getStore(namespace()).get(each.get().getUniqueId(), Check.class);
            if (check != null) {
                checks.add(check);
            }
            each = each.get().getParent();
        }
        return checks;
    }

    private static String message(List<Leak> leaks) {
        return leaks.size() + " left behind:" + leaks.stream()
                .map(leak -> "\n    " + leak)
                .collect(Collectors.joining());
    }
}
