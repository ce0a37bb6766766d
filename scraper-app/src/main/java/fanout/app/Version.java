package fanout.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Name and version, which the build writes into {@code version.properties}. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[]{words()};
    }

    static String words() {
        var properties = new Properties();
        try (var resource = Version.class.getResourceAsStream("version.properties")) {
            if (resource == null) {
                throw new IOException("version.properties is not on the class path");
            }
            properties.load(resource);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("name") + " " + properties.getProperty("version");
    }
}
