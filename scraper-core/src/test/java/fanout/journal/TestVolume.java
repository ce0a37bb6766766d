package fanout.journal;

import java.io.IOException;
import java.util.Map;

/** The door for a disk of a test: where a journal lies. */
public abstract class TestVolume implements Volume {

    /** The journal that lies here, or a new one; as {@link Journal#resume} for a path. */
    public Journal resume() throws IOException {
        return Journal.on(this, true, Map.of());
    }
}
