package fanout.internal.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Public for another package of the crawler, and no part of its API: it may change in any version. On a package it
 * holds for every type in it.
 *
 * <p>A test holds that nothing marked so is used from outside the library, and that nothing is public without being
 * either API or used by another package.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.PACKAGE, ElementType.TYPE})
public @interface Internal {}
