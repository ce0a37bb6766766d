/** A web that means harm: each host misbehaves in a way of its own, and each case says what a crawl must make of it. */
@NullMarked
package fanout.hostile;

import org.jspecify.annotations.NullMarked;
