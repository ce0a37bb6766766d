package fanout.okhttp;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.job.Http;
import okhttp3.Authenticator;
import okhttp3.Credentials;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.Route;
import org.jspecify.annotations.Nullable;

/**
 * Tells a proxy the job's login: in the request that opens a tunnel, and in requests that the proxy forwards. It is told once: a proxy
 * that refuses it is not asked again. Immutable.
 */
final class ProxyLogin implements Authenticator {

    static final String HEADER = "Proxy-Authorization";

    private final Http.Login login;

    ProxyLogin(Http.Login login) {
        this.login = login;
    }

    /** The header's value. */
    static String headerOf(Http.Login login) {
        return Credentials.basic(login.user(), login.password(), UTF_8);
    }

    /** Called before a tunnel is opened, and when a proxy answers 407. */
    @Override
    public @Nullable Request authenticate(@Nullable Route route, Response response) {
        return response.request().header(HEADER) != null
                ? null
                : response.request().newBuilder().header(HEADER, headerOf(login)).build();
    }
}
