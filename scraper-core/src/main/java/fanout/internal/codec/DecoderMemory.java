package fanout.internal.codec;

import java.io.IOException;

/** Lends a decoder what it allocates. */
@FunctionalInterface
public interface DecoderMemory {

    /**
     * The decoder is about to hold this much more, until it is no longer used. An array that grows is counted once.
     *
     * @throws IOException if it may not, which ends the decoding
     */
    void decoderNeeds(long bytes) throws IOException;
}
