/** Sockets that connect to allowed addresses only and report what they read and write; and the policy that allows addresses. */
@Internal
@NullMarked
package fanout.socket;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
