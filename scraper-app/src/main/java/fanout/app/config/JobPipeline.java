package fanout.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.config.document.DocumentPosition;
import fanout.app.config.document.Problems;
import fanout.app.config.document.Setting;
import fanout.app.config.document.ShownDocument;
import fanout.app.config.document.YamlNode;
import fanout.app.config.document.YamlReader;
import fanout.app.config.schema.BundledSchema;
import fanout.app.config.schema.SchemaCheck;
import fanout.job.SecretText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads a document in YAML or JSON: a job file, a job for a service, or the settings of a service. Every document
 * passes the same steps, and {@link Rules} say what differs between kinds:
 *
 * <ol>
 *   <li>the text: at most 1 MiB of UTF-8
 *   <li>its notation, which gives nodes with their places
 *   <li>settings that win over the document
 *   <li>keys of the user's own are taken out, and references to the environment replaced
 *   <li>settings of outputs, which are written as they are
 *   <li>the schema
 *   <li>what no schema can check, which makes the result
 * </ol>
 *
 * <p>A step continues behind a problem with what is sound, so one reading finds all problems. Not thread-safe; reads
 * once.
 */
final class JobPipeline<T> {

    /** Of a longer document, no more than one further byte need be read. */
    static final int MOST_BYTES = 1 << 20;

    private final Problems problems = new Problems();
    private final String source;
    private final Rules<T> rules;

    /** @param source the name of the document, for messages */
    JobPipeline(String source, Rules<T> rules) {
        this.source = source;
        this.rules = rules;
    }

    /** What is particular to one kind of document. */
    interface Rules<T> {

        default BundledSchema schema() {
            return BundledSchema.JOB;
        }

        /**
         * Returns where {@code ${NAME}} is looked up; empty if the document may have no such reference, because the
         * environment is not its author's, and may hold secrets.
         */
        default Optional<Map<String, String>> environment() {
            return Optional.empty();
        }

        /**
         * Returns which names {@code ${secret:NAME}} may have where a request keeps it; empty if {@code ${NAME}} is
         * written there, and means the environment.
         */
        default Optional<Set<String>> secrets() {
            return Optional.empty();
        }

        /** Returns whether the author has the document as a file; otherwise it was submitted, in one notation. */
        default boolean isFile() {
            return true;
        }

        /** Checks that the text is what it was submitted as, before YAML is made of it, which takes more. */
        default boolean hasItsNotation(String text, Problems found) {
            return true;
        }

        /**
         * Returns the document with what is set over it.
         *
         * @param root empty if it could not be read; only problems are of use then
         */
        default Optional<YamlNode.Mapping> set(Optional<YamlNode.Mapping> root, Problems found) {
            return root;
        }

        /** Returns what is set over it after references have been replaced. */
        default List<Setting> outputs() {
            return List.of();
        }

        /**
         * Makes the result of a checked document; empty only if there are problems.
         *
         * @param found gets them
         * @param isWhole whether this is the whole document, and not the part above a mistake in its notation
         */
        Optional<T> read(YamlNode.Mapping checked, Problems found, boolean isWhole);
    }

    /**
     * Reads the document.
     *
     * @throws BadJobException if there are problems; it has all of them
     */
    T read(byte[] content) throws BadJobException {
        Optional<String> text = text(content);
        Optional<YamlNode> root = text.filter(found -> rules.hasItsNotation(found, problems))
                .flatMap(found -> YamlReader.read(source, found, problems));
        boolean isReadable = problems.isEmpty() || root.orElse(null) instanceof YamlNode.Mapping;
        if (!isReadable && !rules.isFile()) {
            throw new BadJobException(problems.all(), false);
        }
        if (!isReadable && isJob() && text.isPresent()) {
            YamlReader.partAbove(problems.all().getLast().at(), source, text.get()).ifPresent(this::checkPart);
        }
        Optional<T> read = rules.set(text.flatMap(_ -> mapping(root)), problems).flatMap(this::read);
        if (!problems.isEmpty()) {
            throw new BadJobException(problems.all(), true);
        }
        return read.orElseThrow();
    }

    private boolean isJob() {
        return rules.schema() == BundledSchema.JOB;
    }

    private Optional<String> text(byte[] content) {
        if (content.length > MOST_BYTES) {
            problems.add(DocumentPosition.startOf(source), "is longer than 1 MiB");
            return Optional.empty();
        }
        try {
            return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString());
        } catch (CharacterCodingException e) {
            problems.add(DocumentPosition.startOf(source),
                    "is not UTF-8" + (rules.isFile() ? "; save it as UTF-8" : ""));
            return Optional.empty();
        }
    }

    private Optional<YamlNode.Mapping> mapping(Optional<YamlNode> root) {
        DocumentPosition start = DocumentPosition.startOf(source);
        return switch (root.filter(node -> !node.isNull()).orElseGet(() -> new YamlNode.Scalar(start, "", true))) {
            case YamlNode.Mapping mapping -> Optional.of(mapping);
            case YamlNode.Refused _ -> Optional.empty();
            case YamlNode node when node.isNull() && !isJob() -> Optional.of(new YamlNode.Mapping(start, List.of()));
            case YamlNode node when node.isNull() -> {
                problems.add(start, "is empty; a job needs at least name and startUrls");
                yield Optional.empty();
            }
            case YamlNode other -> {
                problems.add(other.at(), (isJob() ? "a job must be a mapping, as in name: docs, not "
                        : "a configuration must be a mapping, as in maxConcurrentCrawls: 4, not ") + other.kind());
                yield Optional.empty();
            }
        };
    }

    private Optional<T> read(YamlNode.Mapping root) {
        SchemaCheck check = new SchemaCheck(problems, rules.schema());
        YamlNode.Mapping document = replaced(root, check, problems);
        for (Setting output : rules.outputs()) {
            document = output.applyTo(document, problems);
        }
        return rules.read(check.check(document), problems, true);
    }

    /** Reports what is wrong with each key above a mistake in the notation. What is missing there may stand below. */
    private void checkPart(YamlNode.Mapping part) {
        Problems found = new Problems();
        SchemaCheck check = new SchemaCheck(found, rules.schema());
        rules.read(check.checkPart(replaced(part, check, found)), found, false);
        found.all()
                .stream()
                .filter(problem -> !problem.at().equals(part.at())) // about the job as a whole
                .forEach(problem -> problems.add(problem.at(), problem.message()));
    }

    private YamlNode.Mapping replaced(YamlNode.Mapping document, SchemaCheck check, Problems found) {
        References references = new References(rules.environment(), rules.secrets(), isJob(), found);
        return (YamlNode.Mapping) references.replaceIn(check.withoutUsersKeys(document), List.of());
    }

    /**
     * Replaces {@code ${NAME}} in a value, and a doubled dollar sign before a brace by a single one. Where a request
     * keeps references to secrets, the name is checked, and the reference stays.
     *
     * @param variables the environment; empty if nothing may be taken from it
     * @param secrets see {@link Rules#secrets}
     * @param isJob whether the document has requests
     * @param problems get the names that are not set, and keep replaced values out of messages
     */
    private record References(
            Optional<Map<String, String>> variables,
            Optional<Set<String>> secrets,
            boolean isJob,
            Problems problems) {

        /** What a request sends. */
        private static final Set<String> SENT = Set.of("headers", "form", "json", "body", "fields");
        private static final String SECRET = "secret:";
        private static final String NOT_REPLACED = "${…} is not replaced in a job for a service; write the value "
                + "itself, a secret of the service as ${secret:NAME} in what a request sends, or $${ for a literal ${";
        private static final Pattern REFERENCE = Pattern.compile("\\$\\$\\{|\\$\\{([^}]*)\\}?");
        private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

        private YamlNode replaceIn(YamlNode node, List<String> path) {
            return switch (node) {
                case YamlNode.Scalar scalar when secrets.isPresent() && isMask(scalar, path) -> {
                    problems.add(scalar.at(), "*** is what a service shows instead of a login or key; write the value "
                            + "again, or ${secret:NAME}");
                    yield new YamlNode.Refused(scalar.at());
                }
                case YamlNode.Scalar scalar when isJob && (keepsReferences(path) || isServiceProxy(path)) ->
                        kept(scalar);
                case YamlNode.Scalar scalar -> replaceIn(scalar);
                case YamlNode.Sequence(DocumentPosition at, List<YamlNode> elements) -> new YamlNode.Sequence(at,
                        elements.stream().map(element -> replaceIn(element, path)).toList());
                case YamlNode.Mapping(DocumentPosition at, List<YamlNode.Entry> entries) ->
                        new YamlNode.Mapping(at, entries.stream()
                                .map(entry -> new YamlNode.Entry(entry.key(), replaceIn(entry.value(),
                                        Stream.concat(path.stream(), Stream.of(entry.key().text())).toList())))
                                .toList());
                case YamlNode.Refused refused -> refused;
            };
        }

        private static boolean isMask(YamlNode.Scalar scalar, List<String> path) {
            return path.size() > 1 && path.get(path.size() - 2).equals("headers")
                    && scalar.text().equals(ShownDocument.MASK);
        }

        /** Returns whether a value is a part of what is sent. */
        private static boolean keepsReferences(List<String> path) {
            int sent = path.isEmpty() ? -1 : switch (path.getFirst()) {
                case "http", "startUrls" -> 1;
                case "follow" -> path.indexOf("request") == 1 ? 2 : path.indexOf("fields") == 1 ? 1 : -1;
                case "session" -> path.indexOf("login") == 1 ? 2 : path.indexOf("headers") == 1 ? 1 : -1;
                default -> -1;
            };
            boolean isSelector = path.size() == sent + 1 && path.getLast().equals("form"); // of the page before
            return sent > 0 && path.size() > sent && SENT.contains(path.get(sent)) && !isSelector;
        }

        /** Returns whether a value is the proxy of a job for a service, to which a secret goes only if it may. */
        private boolean isServiceProxy(List<String> path) {
            return secrets.isPresent() && path.equals(List.of("http", "proxy"));
        }

        private YamlNode kept(YamlNode.Scalar scalar) {
            Matcher reference = REFERENCE.matcher(scalar.text());
            StringBuilder kept = new StringBuilder();
            StringBuilder plain = new StringBuilder();
            boolean refers = false;
            boolean refused = false;
            int at = 0;
            while (reference.find()) {
                String between = scalar.text().substring(at, reference.start());
                at = reference.end();
                String name = reference.group(1);
                kept.append(SecretText.literal(between)).append(name == null ? "$${" : SecretText.reference(name));
                plain.append(between).append("${");
                refers |= name != null;
                refused |= name != null && !isKnown(name, reference.group(), scalar.at());
            }
            String rest = scalar.text().substring(at);
            return refused ? new YamlNode.Refused(scalar.at())
                    : refers
                            ? new YamlNode.Scalar(scalar.at(), kept + SecretText.literal(rest), false, false, true)
                            : new YamlNode.Scalar(scalar.at(), plain + rest, scalar.plain(), scalar.secret());
        }

        private boolean isKnown(String name, String reference, DocumentPosition at) {
            if (secrets.isEmpty()) {
                return valueOf(name, reference, at).isPresent();
            }
            String secret = name.startsWith(SECRET) ? name.substring(SECRET.length()) : "";
            boolean isKnown = secrets.get().contains(secret) && reference.endsWith("}");
            if (!isKnown) {
                problems.add(at, secret.isEmpty() ? NOT_REPLACED
                        : "this service has no secret " + secret + "; its configuration names them, under secrets");
            }
            return isKnown;
        }

        private YamlNode replaceIn(YamlNode.Scalar scalar) {
            if (!scalar.text().contains("${")) {
                return scalar;
            }
            if (variables.isEmpty() && scalar.text().replace("$${", "").contains("${")) {
                problems.add(scalar.at(), scalar.text().contains("${" + SECRET)
                        ? "${secret:…} is replaced only in what is sent: in headers, form, json, body, the fields of "
                                + "forms and the login of http.proxy"
                        : NOT_REPLACED);
                return new YamlNode.Refused(scalar.at());
            }
            Matcher reference = REFERENCE.matcher(scalar.text());
            StringBuilder replaced = new StringBuilder();
            boolean secret = false;
            boolean refused = false;
            while (reference.find()) {
                String name = reference.group(1);
                Optional<String> value =
                        name == null ? Optional.of("${") : valueOf(name, reference.group(), scalar.at());
                secret |= name != null;
                refused |= value.isEmpty();
                reference.appendReplacement(replaced, Matcher.quoteReplacement(value.orElse("")));
            }
            reference.appendTail(replaced);
            return refused ? new YamlNode.Refused(scalar.at())
                    : new YamlNode.Scalar(scalar.at(), replaced.toString(), scalar.plain(), secret);
        }

        private Optional<String> valueOf(String name, String reference, DocumentPosition at) {
            if (!NAME.matcher(name).matches() || !reference.endsWith("}")) {
                problems.add(at,
                        "not the name of an environment variable: " + reference + " (write $${ for a literal ${)");
                return Optional.empty();
            }
            Optional<String> value = variables.map(known -> known.get(name));
            value.ifPresentOrElse(problems::hide,
                    () -> problems.add(at, "the environment variable " + name + " is not set"));
            return value;
        }
    }
}
