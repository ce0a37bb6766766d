package fanout;

import fanout.internal.fetch.BodyFiles;
import fanout.sink.BodyStore;
import java.io.IOException;

/** A {@link BodyStore}, as the network sees it. Thread-safe. Does not own the store. */
record KeptBodies(BodyStore store) implements BodyFiles {

    @Override
    public Incoming begin() throws IOException {
        BodyStore.Incoming file = BodyStore.Incoming.of(store);
        return new Incoming() {
            @Override
            public void write(byte[] bytes, int length) throws IOException {
                file.write(bytes, length);
            }

            @Override
            public String keep() throws IOException {
                return file.keep();
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        };
    }
}
