package fanout.app.config.document;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads one document of YAML 1.2 or JSON from the parser's events: tags construct no objects, aliases are refused, and
 * every node has its place. Not thread-safe; reads once.
 */
public final class YamlReader {

    static final int DEEPEST = 50;
    /** Keys and values. Each takes some hundred bytes, and a job of a megabyte may have half a million. */
    private static final int MOST_NODES = 120_000;
    private static final int LONGEST_KEY = 100;
    /** Each node has its own. */
    private static final int LONGEST_PATH = 300;
    /** The parser may see a mistake far below the key that has it, such as a quotation mark that is not closed. */
    private static final int MOST_TRIES = 10;
    private static final String STANDARD_TAG = "tag:yaml.org,2002:";
    private static final char BYTE_ORDER_MARK = '\ufeff';

    private final String source;
    private final String text;
    private final Problems problems;
    private final Iterator<Event> events;
    private int nodes;

    private YamlReader(String source, String text, Problems problems) {
        this.source = source;
        this.text = text;
        this.problems = problems;
        LoadSettings settings = LoadSettings.builder()
                .setLabel(source)
                .setUseMarks(true)
                .setCodePointLimit(Integer.MAX_VALUE) // the caller limits the size
                .build();
        this.events = new Parse(settings).parseString(text).iterator();
    }

    /**
     * The document's content; empty if there is none. Mistakes are added to the problems. If the text is not YAML, is
     * several documents, is nested too deep or has too much in it, all of it is {@link YamlNode.Refused}.
     */
    public static Optional<YamlNode> read(String source, String text, Problems problems) {
        boolean marked = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK; // some editors write one
        String lines = text.substring(marked ? 1 : 0).replace("\r\n", "\n").replace('\r', '\n'); // as YAML says
        YamlReader reader = new YamlReader(source, withoutTabs(lines), problems);
        SyntaxMessages syntax = new SyntaxMessages(source.endsWith(".json") ? "JSON" : "YAML",
                lines.lines().toList());
        try {
            return reader.document();
        } catch (MarkedYamlEngineException e) {
            Mark at = e.getProblemMark().or(e::getContextMark).orElseThrow();
            return Optional.of(reader.refused(reader.position(at), syntax.problem(e, at)));
        } catch (ReaderException e) {
            return Optional.of(reader.refused(reader.position(e.getPosition()), syntax.problem(e)));
        } catch (NumberFormatException e) { // thrown by the parser for an escape that does not end
            return Optional.of(reader.refused(reader.position(Integer.MAX_VALUE),
                    syntax.problem("the document ends in the middle of an escape")));
        } catch (YamlEngineException e) {
            return Optional
                    .of(reader.refused(DocumentPosition.startOf(source),
                            syntax.problem(String.valueOf(e.getMessage()))));
        } catch (BeyondLimits e) {
            return Optional.of(reader.refused(e.at, e.reason));
        }
    }

    /**
     * Returns what stands before a mistake in the notation: the keys of the document that end above its place, without
     * the key that the place is in. So a bracket that is not closed does not hide the problems of all other keys.
     */
    public static Optional<YamlNode.Mapping> partAbove(DocumentPosition at, String source, String text) {
        List<String> lines = text.lines().toList();
        int end = Math.min(at.line(), lines.size());
        for (int tries = 0; tries < MOST_TRIES && end > 0; tries++) {
            end = lastKey(lines, end);
            if (end > 0 && read(source, String.join("\n", lines.subList(0, end)), new Problems())
                    .orElse(null) instanceof YamlNode.Mapping part) {
                return Optional.of(part);
            }
        }
        return Optional.empty();
    }

    /** Returns the number of lines above the last that begins with a key. */
    private static int lastKey(List<String> lines, int end) {
        int line = end - 1;
        while (line > 0 && !lines.get(line).matches("[\\w\"'$].*")) {
            line--;
        }
        return line;
    }

    /**
     * Returns the text with spaces for tabs: JSON may be indented with tabs, and so may YAML inside brackets, but the
     * parser refuses the second tab in a row. In a document that begins with a bracket each tab becomes a space, except
     * inside double quotes; no place moves.
     */
    static String withoutTabs(String text) {
        String start = text.stripLeading();
        if (text.indexOf('\t') < 0 || !(start.startsWith("{") || start.startsWith("["))) {
            return text;
        }
        StringBuilder spaces = new StringBuilder(text);
        boolean quoted = false;
        for (int i = 0; i < spaces.length(); i++) {
            switch (spaces.charAt(i)) {
                case '"' -> quoted = !quoted;
                case '\\' -> i += quoted ? 1 : 0; // an escaped quote does not end the text
                case '\t' -> spaces.setCharAt(i, quoted ? '\t' : ' ');
                default -> {}
            }
        }
        return spaces.toString();
    }

    private YamlNode refused(DocumentPosition at, String message) {
        problems.add(at, message);
        return new YamlNode.Refused(at);
    }

    private Optional<YamlNode> document() throws BeyondLimits {
        events.next(); // start of the stream
        Event first = events.next();
        if (!(first instanceof DocumentStartEvent)) {
            return Optional.empty();
        }
        YamlNode root = node(events.next(), 1, "");
        events.next(); // end of the document
        Event after = events.next();
        return Optional.of(after instanceof DocumentStartEvent
                ? refused(position(after), "a second document begins here; a job is one document")
                : root);
    }

    /** @param path the keys that lead to the node */
    private YamlNode node(Event event, int depth, String path) throws BeyondLimits {
        DocumentPosition at = position(event).under(path);
        if (depth > DEEPEST) {
            throw new BeyondLimits(at, "nested deeper than " + DEEPEST + " levels");
        }
        if (++nodes > MOST_NODES) {
            throw new BeyondLimits(at, "more than " + MOST_NODES + " keys and values");
        }
        return switch (event) {
            case ScalarEvent scalar ->
                    untagged(scalar.getTag(), new YamlNode.Scalar(at, scalar.getValue(), scalar.isPlain()));
            case SequenceStartEvent start -> untagged(start.getTag(), sequence(at, depth));
            case MappingStartEvent start -> untagged(start.getTag(), mapping(at, depth));
            case AliasEvent alias -> refused(at,
                    "aliases are not allowed: *" + alias.getAlias().getValue() + "; write the value itself");
            default -> throw new IllegalStateException("not the start of a node: " + event);
        };
    }

    private YamlNode sequence(DocumentPosition at, int depth) throws BeyondLimits {
        List<YamlNode> elements = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            elements.add(node(event, depth + 1, pathOf(at.path(), "[" + elements.size() + "]", "")));
        }
        return new YamlNode.Sequence(at, elements);
    }

    private YamlNode mapping(DocumentPosition at, int depth) throws BeyondLimits {
        List<YamlNode.Entry> entries = new ArrayList<>();
        Map<String, DocumentPosition> keys = new HashMap<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            String path = event instanceof ScalarEvent name ? pathOf(at.path(), name.getValue(), ".") : at.path();
            YamlNode key = node(event, depth + 1, path);
            YamlNode value = node(events.next(), depth + 1, path);
            if (!(key instanceof YamlNode.Scalar name)) {
                if (!(key instanceof YamlNode.Refused)) {
                    problems.add(key.at(), "a key must be text, not " + key.kind());
                }
                continue;
            }
            DocumentPosition first = keys.putIfAbsent(name.text(), name.at());
            if (first != null) {
                problems.add(name.at(), "duplicate key \"" + name.text() + "\"; first at " + first.shortly());
            } else {
                entries.add(new YamlNode.Entry(name, value));
            }
        }
        return new YamlNode.Mapping(at, entries);
    }

    /** Long keys and paths are cut: a path is for people. */
    private static String pathOf(String outer, String part, String separator) {
        if (outer.length() > LONGEST_PATH) {
            return outer;
        }
        String shown = part.length() <= LONGEST_KEY ? part : part.substring(0, LONGEST_KEY) + "…";
        return outer.isEmpty() ? shown : outer + separator + shown;
    }

    private YamlNode untagged(Optional<String> tag, YamlNode node) {
        return tag.isEmpty() ? node
                : refused(node.at(),
                        "tags are not allowed: " + tag.get().replace(STANDARD_TAG, "!!") + "; leave it out");
    }

    private DocumentPosition position(Event event) {
        return event.getStartMark().map(this::position).orElse(new DocumentPosition(source, 1, 1));
    }

    private DocumentPosition position(Mark mark) {
        return new DocumentPosition(source, mark.getLine() + 1, mark.getColumn() + 1);
    }

    /** The place of a code point. */
    private DocumentPosition position(int index) {
        String before =
                text.substring(0, text.offsetByCodePoints(0, Math.min(index, text.codePointCount(0, text.length()))));
        int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
        String start = before.substring(before.lastIndexOf('\n') + 1);
        return new DocumentPosition(source, line, start.codePointCount(0, start.length()) + 1);
    }

    /** Ends the reading of a document that is too deep, or has too much in it. */
    private static final class BeyondLimits extends Exception {

        private static final long serialVersionUID = 1;

        private final transient DocumentPosition at;
        private final String reason;

        private BeyondLimits(DocumentPosition at, String reason) {
            this.at = at;
            this.reason = reason;
        }
    }

    /**
     * Messages about what the parser refuses, each with the usual cure.
     *
     * @param language what the document should have been
     * @param lines of the document
     */
    private record SyntaxMessages(String language, List<String> lines) {

        private static final Pattern ESCAPE = Pattern.compile("found unknown escape character (.+)\\(\\d+\\)");

        private static final Pattern TOUCHING = Pattern.compile("\\s*(?:- )?([A-Za-z]\\w*):([^\\s/:][^:]*)");
        private static final Pattern LONE_DASH = Pattern.compile("- *(?:$|[,}\\]]| #)");
        /** RE2, because it takes linear time: a backtracking pattern would take hours for a line of many brackets. */
        private static final com.google.re2j.Pattern COMMENT_AS_VALUE =
                com.google.re2j.Pattern.compile("[\\[{][^\"'#]*[:,\\[{] +#\\S");

        private String problem(String reason) {
            return "not valid " + language + ": " + reason.lines().findFirst().orElse(reason);
        }

        private String problem(ReaderException e) {
            return problem(String.format("the character U+%04X is not allowed here", e.getCodePoint()));
        }

        private String problem(MarkedYamlEngineException e, Mark at) {
            String reason = String.valueOf(e.getProblem());
            Matcher escape = ESCAPE.matcher(reason);
            if (escape.matches()) {
                return problem("a backslash in double quotes begins an escape, and \\" + escape.group(1)
                        + " is not one; put the value in single quotes");
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
                    .map(begin -> " (in the part that begins at " + (begin.getLine() + 1) + ":"
                            + (begin.getColumn() + 1)
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
}
