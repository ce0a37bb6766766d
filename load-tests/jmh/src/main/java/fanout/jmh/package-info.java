/** Which one: channel, mutex, read-write lock or atomic. JMH's benchmarks, run by {@code load-tests/bin/jmh}. */
@NullMarked
package fanout.jmh;

import org.jspecify.annotations.NullMarked;
