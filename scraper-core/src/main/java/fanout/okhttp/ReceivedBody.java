package fanout.okhttp;

import fanout.fetch.Traffic.OpenBody;
import okhttp3.Response;

/** The body of a response of OkHttp's; open until its source is closed. */
final class ReceivedBody implements OpenBody {

    private final Response response;

    ReceivedBody(Response response) {
        this.response = response;
    }

    @Override
    public boolean isOpen() {
        return response.body().source().isOpen();
    }

    @Override
    public String toString() {
        return response.request().url().toString();
    }
}
