package fanout.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import fanout.outcome.Failure;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** OkHttp's internals: those of the build's version are known, and crawls do without those that are missing. */
@Timeout(60)
class OkHttpInternalsTest {

    private static final Interceptor NOTHING_BETWEEN = chain -> chain.proceed(chain.request());

    private static Fetching withoutInternals(OkHttpClient base) {
        return Fetching.of(base, NOTHING_BETWEEN, OkHttpInternals.publicApiOnly());
    }

    private static String page(String text) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text;
    }

    @Test
    void versionIsTheOneThatRuns() {
        assertThat(OkHttpInternals.version()).isEqualTo(OkHttpInternals.KNOWN_VERSION);
        assertThat(OkHttpInternals.present()).isInstanceOf(OkHttpInternals.Direct.class);
    }

    @Test
    void everyInternalMethodThatIsCalledIsLookedForAtFirst() {
        JavaClasses classes =
                new ClassFileImporter().importClasses(OkHttpInternals.class, OkHttpInternals.Direct.class);
        assertThat(classes.stream()
                .flatMap(each -> each.getMethodCallsFromSelf().stream())
                .map(JavaMethodCall::getTarget)
                .filter(target -> target.getOwner().getPackageName().startsWith("okhttp3.internal"))
                .map(target -> target.getOwner().getName() + "." + target.getName() + ":"
                        + target.getRawReturnType().getName())
                .collect(Collectors.toSet()))
                .isEqualTo(OkHttpInternals.Direct.CALLED.stream()
                        .map(method -> method.owner().getName() + "." + method.name() + ":"
                                + method.type().returnType().getName())
                        .collect(Collectors.toSet()));
    }

    /** It lies in the socket, which the public API shows. */
    @Test
    void answerBetweenTwoRequestsIsIgnoredWithoutInternalsToo() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        CountDownLatch planted = new CountDownLatch(1);
        try (RawServer server = RawServer.serving((socket, in) -> {
            boolean isFirst = true;
            while (RawServer.readHead(in)) {
                RawServer.send(socket, page("asked for"));
                if (isFirst) {
                    isFirst = false;
                    answered.await();
                    RawServer.send(socket, page("planted"));
                    planted.countDown();
                }
            }
        });
                Fetching fetching = withoutInternals(new OkHttpClient())) {
            fetching.response(server.url("/1"));
            answered.countDown();
            planted.await();

            assertThat(fetching.failure(server.url("/2"))).isInstanceOf(Failure.StaleConnection.class);
        }
    }

    @Test
    void bytesThatArriveAtAnyTimeSayNothingOfAnHttp2Connection() throws Exception {
        OkHttpClient base = new OkHttpClient.Builder().protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE)).build();
        try (MockWebServer server = new MockWebServer(); Fetching fetching = withoutInternals(base)) {
            server.setProtocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE));
            server.start();
            for (int i = 0; i < 20; i++) {
                server.enqueue(new MockResponse.Builder().body("b").build());
                assertThat(fetching.response("http://127.0.0.1:" + server.getPort() + "/").body()).hasSize(1);
                assertThat(server.takeRequest().getConnectionIndex()).isZero();
            }
        }
    }

    /** As it does where a method that is called is not there. */
    @Test
    void linkageErrorFailsThePageWithItsReasonAndNothingElse() throws Exception {
        AtomicBoolean once = new AtomicBoolean();
        Interceptor lacking = chain -> {
            if (once.compareAndSet(false, true)) {
                throw new NoSuchMethodError("okhttp3.Something.missing()");
            }
            return chain.proceed(chain.request());
        };
        try (RawServer server = RawServer.answering(page("ok"));
                Fetching fetching = Fetching.of(new OkHttpClient(), lacking, OkHttpInternals.present())) {
            assertThat(fetching.failure(server.url("/"))).isInstanceOfSatisfying(Failure.Protocol.class,
                    failure -> assertThat(failure.detail()).contains("OkHttp " + OkHttpInternals.KNOWN_VERSION,
                            "class path",
                            "NoSuchMethodError: okhttp3.Something.missing()"));
            fetching.assertNothingIsLeft();
            assertThat(fetching.response(server.url("/")).body()).hasSize(2);
        }
    }
}
