/** Part of the build: how Surefire lists the test classes of a module. */
@NullMarked
package fanout.surefire;

import org.jspecify.annotations.NullMarked;
