package fanout.leak.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a test that leaves something behind because that is its subject. The {@link LeakExtension} then wants to find such
 * a leak, and fails the test if nothing leaks; every other kind is a failure as always.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface LeaksOnPurpose {

    /** The {@link fanout.leak.Leak#kind}. */
    String kind();

    /** Why it cannot be taken back before the test ends. */
    String because();
}
