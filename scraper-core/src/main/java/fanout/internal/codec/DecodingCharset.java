package fanout.internal.codec;

import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;

/** A charset of the Encoding Standard that the JDK lacks or reads otherwise. Pages are read in it, never written. */
abstract class DecodingCharset extends Charset {

    /**
     * A charset that is not registered: it is found by {@link Encodings} only.
     *
     * @param name as the Encoding Standard spells it
     */
    DecodingCharset(String name) {
        super(name, new String[0]);
    }

    @Override
    public final boolean contains(Charset other) {
        return false;
    }

    @Override
    public final boolean canEncode() {
        return false;
    }

    @Override
    public final CharsetEncoder newEncoder() {
        throw new UnsupportedOperationException(name() + " is for reading only");
    }
}
