/** A bounded, closable channel with a sending and a receiving end. */
@Internal
@NullMarked
package fanout.channel;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
