/**
 * Threads and time: the task scope, deadlines, the clock, the channel between threads, and the tree of who is alive and
 * waiting for what.
 */
@Internal
@NullMarked
package fanout.internal.task;

import fanout.internal.annotation.Internal;
import org.jspecify.annotations.NullMarked;
