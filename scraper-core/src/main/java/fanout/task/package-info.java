/**
 * Threads and time: the task scope, deadlines, the clock, the channel between threads, and the tree of who is alive and
 * waiting for what.
 */
@NullMarked
package fanout.task;

import org.jspecify.annotations.NullMarked;
