/**
 * The whole crawler on a seeded scheduler, with a simulated clock and network: one seed, one schedule, one set of
 * faults.
 */
@NullMarked
package fanout.simulation;

import org.jspecify.annotations.NullMarked;
