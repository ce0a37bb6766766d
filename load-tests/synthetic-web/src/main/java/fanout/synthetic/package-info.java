/** A seeded web on loopback that logs every arrival and knows exactly which pages it has. */
@NullMarked
package fanout.synthetic;

import org.jspecify.annotations.NullMarked;
