package fanout.mutation;

import com.github.difflib.patch.AbstractDelta;
import com.github.difflib.unifieddiff.UnifiedDiff;
import com.github.difflib.unifieddiff.UnifiedDiffFile;
import com.github.difflib.unifieddiff.UnifiedDiffReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A unified diff with a sentence before it. It applies only where all lines of a hunk, those of context included, stand
 * in the file, and stand there once. Line numbers say nothing: they move with every edit above, and the lines find
 * their place.
 *
 * @param name of the file, without its suffix
 * @param breaks what the code promised until then
 */
record SourcePatch(String name, String breaks, List<UnifiedDiffFile> files) {

    SourcePatch {
        if (breaks.isBlank()) {
            throw new IllegalArgumentException(name + ".patch does not say which sentence it breaks");
        }
        if (files.isEmpty() || files.stream().anyMatch(file -> file.getPatch().getDeltas().isEmpty())) {
            throw new IllegalArgumentException(name + ".patch changes nothing");
        }
        files = List.copyOf(files);
    }

    static SourcePatch read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            UnifiedDiff diff = UnifiedDiffReader.parseUnifiedDiff(in);
            String header = diff.getHeader() == null ? "" : diff.getHeader().strip();
            return new SourcePatch(file.getFileName().toString().replaceFirst("\\.patch$", ""), header,
                    diff.getFiles());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The texts of the patched files, by name below {@code sources}, which stay as they are. */
    Map<String, String> applyTo(Path sources) {
        Map<String, String> patched = new LinkedHashMap<>();
        for (UnifiedDiffFile file : files) {
            try {
                List<String> lines = new ArrayList<>(Files.readAllLines(sources.resolve(file.getFromFile())));
                List<AbstractDelta<String>> hunks = file.getPatch().getDeltas();
                for (int i = 0; i < hunks.size(); i++) {
                    apply(hunks.get(i), lines, file.getFromFile() + ", hunk " + (i + 1));
                }
                patched.put(file.getFromFile(), String.join("\n", lines) + "\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return patched;
    }

    private void apply(AbstractDelta<String> hunk, List<String> lines, String where) {
        List<String> before = hunk.getSource().getLines();
        int at = Collections.indexOfSubList(lines, before);
        if (before.isEmpty() || at < 0 || at != Collections.lastIndexOfSubList(lines, before)) {
            String why = at < 0 ? "does not fit" : "fits in more than one place";
            throw new IllegalArgumentException(
                    name + ".patch " + why + ": " + where + ":\n" + String.join("\n", before));
        }
        List<String> place = lines.subList(at, at + before.size());
        place.clear();
        place.addAll(hunk.getTarget().getLines());
    }
}
