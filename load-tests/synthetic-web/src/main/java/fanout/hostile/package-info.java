/** A hostile web: each host misbehaves in its own way, and each case says which outcome a crawl must give it. */
@NullMarked
package fanout.hostile;

import org.jspecify.annotations.NullMarked;
