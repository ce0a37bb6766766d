package fanout.app.terminal;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** Logback's converter of messages, which may carry text from the web. */
public final class CleanMessage extends ClassicConverter {

    @Override
    public String convert(ILoggingEvent event) {
        return CleanText.line(String.valueOf(event.getFormattedMessage()));
    }
}
