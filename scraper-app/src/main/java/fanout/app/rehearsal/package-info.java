/** What users do, done once after a build, so that the JVM starts with what it has learnt from it. */
@NullMarked
package fanout.app.rehearsal;

import org.jspecify.annotations.NullMarked;
