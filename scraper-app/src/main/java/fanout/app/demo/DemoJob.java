package fanout.app.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.config.BadJobException;
import fanout.app.config.JobFile;
import fanout.app.config.JobFileReader;
import fanout.app.config.JobOverrides;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;

/** The bundled job, for one shop. */
public final class DemoJob {

    private static final String SHOP = "${DEMO_SHOP}";

    private DemoJob() {}

    /** The job file, as a user could have written it. */
    public static String text(DemoShop shop) throws IOException {
        return new String(Resource.bytes("demo.yaml"), UTF_8).replace(SHOP, shop.origin());
    }

    /**
     * The job, read as every job is.
     *
     * @throws IllegalStateException if the bundled job is not valid
     */
    public static JobFile read(DemoShop shop, JobOverrides options) throws IOException {
        try {
            return JobFileReader.read("demo.yaml", new ByteArrayInputStream(text(shop).getBytes(UTF_8)), options,
                    Map.of());
        } catch (BadJobException e) {
            throw new IllegalStateException("the bundled job is not valid", e);
        }
    }
}
