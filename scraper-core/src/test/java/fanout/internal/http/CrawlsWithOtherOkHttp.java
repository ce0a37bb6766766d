package fanout.internal.http;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs test classes in the JVM that {@link OtherOkHttpTest} starts, and says with which OkHttp. */
final class CrawlsWithOtherOkHttp {

    private CrawlsWithOtherOkHttp() {}

    public static void main(String[] classes) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
        for (String each : classes) {
            request.selectors(selectClass(each));
        }
        LauncherFactory.create().execute(request.build(), listener);
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        listener.getSummary().printFailuresTo(out);
        out.println("OkHttp " + OkHttpInternals.version() + ": " + listener.getSummary().getTestsSucceededCount()
                + " passed, " + listener.getSummary().getTotalFailureCount() + " failed");
    }
}
