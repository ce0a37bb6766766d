package fanout.app.terminal;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;

/** Logback's converter of exceptions, whose messages may carry text from the web. */
public final class CleanException extends ThrowableProxyConverter {

    @Override
    protected String throwableProxyToString(IThrowableProxy exception) {
        return CleanText.lines(super.throwableProxyToString(exception)) + System.lineSeparator();
    }
}
