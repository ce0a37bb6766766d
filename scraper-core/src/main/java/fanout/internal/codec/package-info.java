/**
 * What the bytes of a body mean: its characters, as browsers read them, what zstd has compressed, and its SHA-256.
 */
@Internal
@NullMarked
package fanout.internal.codec;

import fanout.internal.annotation.Internal;
import org.jspecify.annotations.NullMarked;
