package fanout.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.config.document.Problems;
import fanout.app.config.document.Setting;
import fanout.app.config.document.YamlNode;
import fanout.app.config.document.YamlReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts a job over the files that its {@code extends} names: mappings are merged, everything else replaces what the file
 * says, and null takes it back. Of several files each is put over those before it, and a file may extend others. Not
 * thread-safe; for one job.
 */
final class JobBases {

    static final String EXTENDS = "extends";
    private static final int DEEPEST = 10;
    /** Lists of files that extend lists of files come to any number. */
    private static final int MOST_FILES = 100;

    private final Problems problems;
    private final JobPaths paths;
    private final List<Path> job;
    private int files;

    /** @param job empty if it was not read from a file */
    JobBases(Problems problems, JobPaths paths, Optional<Path> job) {
        this.problems = problems;
        this.paths = paths;
        this.job = job.stream().toList();
    }

    /** Returns the job with what it extends; a file that cannot be read is a problem, and missing from it. */
    YamlNode.Mapping under(YamlNode.Mapping document) {
        return under(document, job);
    }

    /** @param above the files that extend each other down to this document, the job first */
    private YamlNode.Mapping under(YamlNode.Mapping document, List<Path> above) {
        Optional<YamlNode> named = document.get(EXTENDS).filter(node -> !node.isNull());
        if (named.isEmpty()) {
            return document;
        }
        YamlNode.Mapping merged = new YamlNode.Mapping(document.at(), List.of());
        for (YamlNode name : named.get() instanceof YamlNode.Sequence list ? list.elements() : List.of(named.get())) {
            if (name instanceof YamlNode.Scalar path && path.isText()) {
                merged = base(path, above).map(merged::under).orElse(merged);
            } else if (!(name instanceof YamlNode.Refused)) {
                problems.add(name.at(), "extends must be a path or a list of paths, not " + name.kind());
            }
        }
        YamlNode.Mapping whole = merged.under(document.without(EXTENDS));
        return document.get("output")
                .flatMap(YamlNode::asMapping)
                .flatMap(output -> output.get("journal"))
                .filter(YamlNode::isNull) // which removes the list
                .map(none -> new Setting(none.at(), List.of("output", "journal"), none).applyTo(whole, problems))
                .orElse(whole);
    }

    private Optional<YamlNode.Mapping> base(YamlNode.Scalar name, List<Path> above) {
        if (name.text().contains("${")) {
            problems.add(name.at(), "extends takes nothing from the environment; write the path itself");
            return Optional.empty();
        }
        return paths.input(name, EXTENDS).flatMap(file -> base(name, file, above));
    }

    private Optional<YamlNode.Mapping> base(YamlNode.Scalar name, Path file, List<Path> above) {
        Path shown = file.normalize();
        try (InputStream in = Files.newInputStream(file)) {
            for (Path lower : above) {
                if (Files.isSameFile(lower, file)) {
                    return refused(name, "extends " + shown + " closes a circle: that file extends this one");
                }
            }
            if (above.size() - job.size() == DEEPEST) {
                return refused(name, "extends goes deeper than " + DEEPEST + " files here");
            }
            files++;
            if (files > MOST_FILES) {
                return refused(name, "extends comes to more than " + MOST_FILES + " files here");
            }
            byte[] content = in.readNBytes(JobPipeline.MOST_BYTES + 1);
            if (content.length > JobPipeline.MOST_BYTES) {
                return refused(name, "extends " + shown + ", which is longer than 1 MiB");
            }
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
            paths.add(shown.toString(), file);
            List<Path> deeper = new ArrayList<>(above);
            deeper.add(file);
            return mapping(name, shown, text).map(found -> under(found, deeper));
        } catch (CharacterCodingException e) {
            return refused(name, "extends " + shown + ", which is not UTF-8; save it as UTF-8");
        } catch (IOException e) {
            return refused(name, paths.unreadable(name, EXTENDS, file, e));
        }
    }

    private Optional<YamlNode.Mapping> mapping(YamlNode.Scalar name, Path shown, String text) {
        YamlNode root = YamlReader.read(shown.toString(), text, problems)
                .filter(node -> !node.isNull())
                .orElseGet(() -> new YamlNode.Mapping(name.at(), List.of())); // a file of comments
        return switch (root) {
            case YamlNode.Mapping found -> Optional.of(found);
            case YamlNode.Refused _ -> Optional.empty();
            case YamlNode.Scalar _,YamlNode.Sequence _ -> {
                problems.add(root.at(), "a job must be a mapping, as in name: docs, not " + root.kind());
                yield Optional.empty();
            }
        };
    }

    private Optional<YamlNode.Mapping> refused(YamlNode.Scalar name, String problem) {
        problems.add(name.at(), problem);
        return Optional.empty();
    }
}
