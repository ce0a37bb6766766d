package fanout.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.page.Request;
import fanout.url.CanonicalUrl;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads {@code startUrlsFile}: one URL a line, in UTF-8; empty lines and those that begin with # say nothing. {@code -} is
 * standard input, unless the job itself comes from there.
 */
final class StartUrlsFile {

    private static final long MOST_BYTES = 256L << 20;
    private static final int MOST_PROBLEMS = 20;

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final Problems problems;
    private final JobPaths paths;
    private final Optional<InputStream> standardInput;

    /** @param standardInput empty if the job was read from it */
    StartUrlsFile(Problems problems, JobPaths paths, Optional<InputStream> standardInput) {
        this.problems = problems;
        this.paths = paths;
        this.standardInput = standardInput;
    }

    List<Request> read(YamlNode.Scalar node) {
        return node.text().equals("-") ? ofStandardInput(node)
                : paths.input(node, "startUrlsFile").map(file -> ofFile(node, file)).orElse(List.of());
    }

    private List<Request> ofStandardInput(YamlNode.Scalar node) {
        if (standardInput.isEmpty()) {
            return refused(node, "startUrlsFile: standard input is the job itself; name a file");
        }
        try {
            return read(node, "standard input", standardInput.get());
        } catch (CharacterCodingException e) {
            return refused(node, "startUrlsFile: standard input is not UTF-8");
        } catch (IOException e) {
            return refused(node, "startUrlsFile: cannot read standard input: " + e.getMessage());
        }
    }

    private List<Request> ofFile(YamlNode.Scalar node, Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                return refused(node, "startUrlsFile " + file + " is longer than 256 MiB");
            }
            try (InputStream in = Files.newInputStream(file)) {
                return read(node, file.toString(), in);
            }
        } catch (CharacterCodingException e) {
            return refused(node, "startUrlsFile " + file + " is not UTF-8; save it as UTF-8");
        } catch (IOException e) {
            return refused(node, paths.unreadable(node, "startUrlsFile", file, e));
        }
    }

    private List<Request> refused(YamlNode.Scalar node, String problem) {
        problems.add(node.at(), problem);
        return List.of();
    }

    /** The lines of a file are not closed: the caller does that. */
    private List<Request> read(YamlNode.Scalar node, String name, InputStream in) throws IOException {
        List<Request> starts = new ArrayList<>();
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, UTF_8.newDecoder()));
        int wrong = 0;
        int number = 0;
        for (String line = lines.readLine(); line != null && wrong < MOST_PROBLEMS; line = lines.readLine()) {
            number++;
            boolean marked = number == 1 && !line.isEmpty() && line.charAt(0) == BYTE_ORDER_MARK;
            String text = (marked ? line.substring(1) : line).strip();
            if (!text.isEmpty() && !text.startsWith("#")) {
                Optional<CanonicalUrl> url = CanonicalUrl.parse(text);
                url.ifPresent(start -> starts.add(Request.start(start, Optional.empty())));
                if (url.isEmpty()) {
                    wrong++;
                    problems.add(node.at(), name + ", line " + number
                            + ": must be an absolute http or https URL without user name and password"
                            + (text.contains("@") ? "" : ", not \"" + text + "\""));
                }
            }
        }
        if (starts.isEmpty() && wrong == 0) {
            problems.add(node.at(), "startUrlsFile " + name + " holds no URL");
        }
        return starts;
    }
}
