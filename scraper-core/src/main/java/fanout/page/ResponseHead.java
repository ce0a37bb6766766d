package fanout.page;

import java.util.Optional;

/**
 * The status of a response, and those of its headers that outcomes keep. Immutable.
 *
 * @param contentType the media type without parameters, lower case
 */
public record ResponseHead(
        int status,
        Optional<String> contentType,
        Optional<String> etag,
        Optional<String> lastModified) {

    /** Whether the status is 2xx. */
    public boolean isSuccess() {
        return status >= 200 && status <= 299;
    }
}
