/** The whole crawler on a seeded scheduler, a simulated clock and a simulated network: one seed, one schedule, one set of faults. */
@NullMarked
package fanout.simulation;

import org.jspecify.annotations.NullMarked;
