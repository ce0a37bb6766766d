package fanout.app.demo;

import java.io.FileNotFoundException;
import java.io.IOException;

/** Bundled files of this package. */
final class Resource {

    private Resource() {}

    static byte[] bytes(String name) throws IOException {
        try (var content = Resource.class.getResourceAsStream(name)) {
            if (content == null) {
                throw new FileNotFoundException(name + " is not on the class path");
            }
            return content.readAllBytes();
        }
    }
}
