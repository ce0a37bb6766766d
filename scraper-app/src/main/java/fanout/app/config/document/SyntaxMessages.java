package fanout.app.config.document;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;

/**
 * Messages about what the parser refuses, each with the usual cure.
 *
 * @param language what the document should have been
 * @param lines of the document
 */
record SyntaxMessages(String language, List<String> lines) {

    private static final Pattern ESCAPE = Pattern.compile("found unknown escape character (.+)\\(\\d+\\)");

    private static final Pattern TOUCHING = Pattern.compile("\\s*(?:- )?([A-Za-z]\\w*):([^\\s/:][^:]*)");
    private static final Pattern LONE_DASH = Pattern.compile("- *(?:$|[,}\\]]| #)");
    private static final Pattern COMMENT_AS_VALUE = Pattern.compile("[\\[{][^\"'#]*[:,\\[{] +#\\S");

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
        if (reason.contains("(TAB)")) {
            return problem("a tab cannot indent; write spaces");
        }
        if (isLoneDash(at)) {
            return problem("a value that is - alone must be in quotes");
        }
        Optional<Mark> begin = e.getContextMark();
        if (begin.isPresent() && "*&".indexOf(character(begin.get())) >= 0) {
            return problem("a value that begins with " + character(begin.get()) + " must be in quotes");
        }
        return problem(reason) + context(e, at) + cure(reason, at, begin);
    }

    private boolean isLoneDash(Mark at) {
        return at.getLine() < lines.size() && at.getColumn() <= lines.get(at.getLine()).length()
                && LONE_DASH.matcher(lines.get(at.getLine()).substring(at.getColumn())).lookingAt();
    }

    private char character(Mark at) {
        String line = at.getLine() < lines.size() ? lines.get(at.getLine()) : "";
        return at.getColumn() < line.length() ? line.charAt(at.getColumn()) : ' ';
    }

    /** Where the unfinished part began, if that is on an earlier line. */
    private static String context(MarkedYamlEngineException e, Mark at) {
        return e.getContextMark()
                .filter(begin -> begin.getLine() < at.getLine())
                .map(begin -> " (in the part that begins at " + (begin.getLine() + 1) + ":" + (begin.getColumn() + 1)
                        + ")")
                .orElse("");
    }

    private String cure(String reason, Mark at, Optional<Mark> begin) {
        Optional<String> comment = comment(at.getLine());
        if (reason.contains("end of stream") && begin.isPresent() && "\"'".indexOf(character(begin.get())) >= 0) {
            return "; the quotation mark there is not closed";
        }
        if (reason.contains("<stream end>") && comment.isPresent()) {
            return comment.get();
        }
        if (reason.startsWith("mapping values are not allowed")) {
            return "; " + missingSpace(at.getLine())
                    .orElse("put a value that holds a colon and a space in quotes, or check the indentation");
        }
        if (reason.contains("<block end>")) {
            boolean isBehindAValue = at.getLine() < lines.size() && at.getColumn() > 0
                    && !lines.get(at.getLine()).substring(0, at.getColumn()).isBlank();
            return isBehindAValue && reason.contains("<scalar>") ? "; put the whole value of this line in quotes"
                    : "; check the indentation of this line and of those above it";
        }
        if (reason.endsWith("but got {")) {
            return "; inside brackets, put a value with ${…} in quotes";
        }
        if (reason.startsWith("expected ',' or")) {
            return "; a comma or the closing bracket is missing";
        }
        return reason.contains("<document start>") ? "; a job is one document" : "";
    }

    /** A key on the line above whose value touches the colon, which makes one word of both. */
    private Optional<String> missingSpace(int line) {
        return line == 0 ? Optional.empty()
                : Optional.of(TOUCHING.matcher(lines.get(line - 1)))
                        .filter(Matcher::matches)
                        .map(key -> "line " + line + " needs a space behind its colon: " + key.group(1) + ": "
                                + key.group(2));
    }

    /** A value in brackets that begins with a number sign, and so is a comment with all that follows. */
    private Optional<String> comment(int from) {
        for (int line = Math.min(from, lines.size() - 1); line >= 0; line--) {
            if (COMMENT_AS_VALUE.matcher(lines.get(line)).find()) {
                return Optional.of("; # begins a comment: put the value of line " + (line + 1) + " in quotes");
            }
        }
        return Optional.empty();
    }
}
