package fanout.app;

import java.io.IOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Name and version as the build wrote them into {@code version.properties}. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
        var properties = new Properties();
        try (var resource = Version.class.getResourceAsStream("version.properties")) {
            if (resource == null) {
                throw new IOException("version.properties is not on the class path");
            }
            properties.load(resource);
        }
        return new String[]{properties.getProperty("name") + " " + properties.getProperty("version")};
    }
}
