package fanout.internal.json;

import java.io.IOException;

/** A text that is no JSON document, or one beyond the limits. The message has line and column. */
public final class MalformedJson extends IOException {

    private static final long serialVersionUID = 1L;

    MalformedJson(int line, int column, String reason) {
        super("not JSON: line " + line + ", column " + column + ": " + reason);
    }
}
