package fanout.app.config.document;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;

/**
 * Messages about what the parser refuses, each with the usual cure.
 *
 * @param language what the document should have been
 */
record SyntaxMessages(String language) {

    private static final Pattern ESCAPE = Pattern.compile("found unknown escape character (.+)\\(\\d+\\)");

    String problem(String reason) {
        return "not valid " + language + ": " + reason.lines().findFirst().orElse(reason);
    }

    String problem(ReaderException e) {
        return problem(String.format("the character U+%04X is not allowed here", e.getCodePoint()));
    }

    String problem(MarkedYamlEngineException e, Mark at) {
        String reason = String.valueOf(e.getProblem());
        Matcher escape = ESCAPE.matcher(reason);
        if (escape.matches()) {
            return problem("a backslash in double quotes begins an escape, and \\" + escape.group(1)
                    + " is none; put the value in single quotes");
        }
        return problem(reason) + context(e, at) + cure(reason);
    }

    /** Where the unfinished part began, if that is on an earlier line. */
    private static String context(MarkedYamlEngineException e, Mark at) {
        return e.getContextMark()
                .filter(begin -> begin.getLine() < at.getLine())
                .map(begin -> " (in the part that begins at " + (begin.getLine() + 1) + ":" + (begin.getColumn() + 1)
                        + ")")
                .orElse("");
    }

    private static String cure(String reason) {
        if (reason.startsWith("mapping values are not allowed")) {
            return "; put a value that holds a colon and a space in quotes, or check the indentation";
        }
        if (reason.contains("<block end>")) {
            return "; check the indentation of this line and of those above it";
        }
        if (reason.endsWith("but got {")) {
            return "; inside brackets, put a value with ${…} in quotes";
        }
        return reason.contains("<document start>") ? "; a job is one document" : "";
    }
}
