package fanout.app.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
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
 * Reads one YAML 1.2 document, or the same as JSON, from the parser's events: nothing is constructed from tags, aliases cannot
 * multiply anything, and every node knows its place. Not thread-safe; reads once.
 */
final class YamlReader {

    private static final int DEEPEST = 50;

    private final String source;
    private final String text;
    private final Problems problems;
    private final Iterator<Event> events;

    private YamlReader(String source, String text, Problems problems) {
        this.source = source;
        this.text = text;
        this.problems = problems;
        LoadSettings settings = LoadSettings.builder()
                .setLabel(source)
                .setUseMarks(true)
                .setCodePointLimit(Integer.MAX_VALUE) // our caller has a limit of its own
                .build();
        this.events = new Parse(settings).parseString(text).iterator();
    }

    /**
     * The document's content; empty if there is none. Duplicate keys, aliases and tags are added to the problems.
     *
     * @throws BadJobException if it is not YAML at all, is several documents, or is nested too deep
     */
    static Optional<YamlNode> read(String source, String text, Problems problems) throws BadJobException {
        YamlReader reader = new YamlReader(source, text, problems);
        try {
            return reader.document();
        } catch (MarkedYamlEngineException e) {
            Position at =
                    e.getProblemMark().or(e::getContextMark).map(reader::position).orElse(new Position(source, 1, 1));
            throw new BadJobException(at, "not valid YAML: " + oneLine(e.getProblem()));
        } catch (ReaderException e) {
            throw new BadJobException(reader.position(e.getPosition()),
                    "not valid YAML: a character that may not stand here");
        } catch (YamlEngineException e) {
            throw new BadJobException(new Position(source, 1, 1),
                    "not valid YAML: " + oneLine(String.valueOf(e.getMessage())));
        }
    }

    private Optional<YamlNode> document() throws BadJobException {
        events.next(); // start of the stream
        Event first = events.next();
        if (!(first instanceof DocumentStartEvent)) {
            return Optional.empty();
        }
        YamlNode root = node(events.next(), 1);
        events.next(); // end of the document
        Event after = events.next();
        if (after instanceof DocumentStartEvent) {
            throw new BadJobException(position(after), "a second document begins here; a job is one document");
        }
        return Optional.of(root);
    }

    private YamlNode node(Event event, int depth) throws BadJobException {
        Position at = position(event);
        if (depth > DEEPEST) {
            throw new BadJobException(at, "nested deeper than " + DEEPEST + " levels");
        }
        return switch (event) {
            case ScalarEvent scalar -> {
                refuseTag(scalar.getTag(), at);
                yield new YamlNode.Scalar(at, scalar.getValue(), scalar.isPlain());
            }
            case SequenceStartEvent start -> sequence(start, at, depth);
            case MappingStartEvent start -> mapping(start, at, depth);
            case AliasEvent alias -> {
                problems.add(at, "aliases are not allowed: *" + alias.getAlias().getValue());
                yield new YamlNode.Scalar(at, "", true);
            }
            default -> throw new IllegalStateException("not the start of a node: " + event);
        };
    }

    private YamlNode sequence(CollectionStartEvent start, Position at, int depth) throws BadJobException {
        refuseTag(start.getTag(), at);
        List<YamlNode> elements = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            elements.add(node(event, depth + 1));
        }
        return new YamlNode.Sequence(at, elements);
    }

    private YamlNode mapping(CollectionStartEvent start, Position at, int depth) throws BadJobException {
        refuseTag(start.getTag(), at);
        List<YamlNode.Entry> entries = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            YamlNode key = node(event, depth + 1);
            YamlNode value = node(events.next(), depth + 1);
            if (!(key instanceof YamlNode.Scalar name)) {
                problems.add(key.at(), "a key must be text, not " + key.kind());
            } else if (!keys.add(name.text())) {
                problems.add(key.at(), "the key " + name.text() + " stands here a second time");
            } else {
                entries.add(new YamlNode.Entry(name, value));
            }
        }
        return new YamlNode.Mapping(at, entries);
    }

    private void refuseTag(Optional<String> tag, Position at) {
        tag.ifPresent(name -> problems.add(at, "tags are not allowed: " + name));
    }

    private Position position(Event event) {
        return event.getStartMark().map(this::position).orElse(new Position(source, 1, 1));
    }

    private Position position(Mark mark) {
        return new Position(source, mark.getLine() + 1, mark.getColumn() + 1);
    }

    private Position position(int index) {
        String before = text.substring(0, Math.clamp(index, 0, text.length()));
        int lines = (int) before.chars().filter(c -> c == '\n').count();
        return new Position(source, lines + 1, before.length() - before.lastIndexOf('\n'));
    }

    private static String oneLine(String message) {
        return message.lines().findFirst().orElse(message);
    }
}
