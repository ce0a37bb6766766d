package fanout.pitfalls;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a test class as one pitfall of the catalogue. The class holds a nested {@code Broken} and {@code Fixed} with
 * the same actors, a test whose name begins with {@code broken} and one whose name begins with {@code fixed}; the first
 * paragraph of its Javadoc is the symptom. {@code PITFALLS.md} is made from these.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface Pitfall {

    /** A short name in lower case with hyphens; unique. */
    String id();

    /** What to ask in a review. */
    String question();

    /** What Go programmers call it. */
    String go();

    /** The class of the crawler that does it right. */
    Class<?> embodiedBy();

    /** Threads in public trackers in which this was seen, as owner/repository#number. */
    String[] incidents() default {};
}
