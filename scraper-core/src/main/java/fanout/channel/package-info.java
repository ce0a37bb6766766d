/** A bounded, closable channel with a sending and a receiving end. */
@NullMarked
package fanout.channel;

import org.jspecify.annotations.NullMarked;
