package fanout.app.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a crawl writes. No two on one path. Each destination of pages gets every page, and each of items every item.
 *
 * @param pages at least one
 * @param items at least one
 * @param links empty if none are wanted
 * @param bodies empty if no body is kept
 * @param report its format says nothing: a report is one JSON object
 * @param journal empty if none is wanted
 * @param keep how many runs before this one stay; 0 if this one replaces what is there
 */
public record Outputs(
        List<Output> pages,
        List<Output> items,
        Optional<Output.File> links,
        Optional<Bodies> bodies,
        Output.File report,
        Optional<Path> journal,
        int keep) {

    public Outputs {
        if (pages.isEmpty() || items.isEmpty()) {
            throw new IllegalArgumentException("pages and items need a destination");
        }
        pages = List.copyOf(pages);
        items = List.copyOf(items);
    }

    /** One destination of pages, and one of items; no links are written. */
    public Outputs(Output pages, Output items, Output.File report, Optional<Path> journal, int keep) {
        this(List.of(pages), List.of(items), Optional.empty(), Optional.empty(), report, journal, keep);
    }

    /**
     * Where bodies are kept.
     *
     * @param folder has a file for each content
     * @param areOfPages whether those of parsed pages are among them
     */
    public record Bodies(Path folder, boolean areOfPages) {

        /** The file with a line for each body. */
        public static final String LINES = "files.jsonl";

        /** Returns the file with a line for each body, next to the folder. */
        public Output.File lines() {
            return new Output.File(folder.resolveSibling(LINES), Output.Format.JSON_LINES);
        }
    }

    /**
     * Returns what gets rows while the crawl runs, by their names: {@code pages}, {@code pages[1]}, …, {@code items},
     * …, and {@code links} and {@code files} if they are written.
     */
    public Map<String, Output> results() {
        Map<String, Output> results = new LinkedHashMap<>();
        for (int i = 0; i < pages.size(); i++) {
            results.put(name("pages", i), pages.get(i));
        }
        for (int i = 0; i < items.size(); i++) {
            results.put(name("items", i), items.get(i));
        }
        links.ifPresent(file -> results.put("links", file));
        bodies.ifPresent(kept -> results.put("files", kept.lines()));
        return results;
    }

    /** Returns the files by the names of {@link #results}, and {@code report}. */
    public Map<String, Output.File> files() {
        Map<String, Output.File> files = new LinkedHashMap<>();
        results().forEach((name, output) -> {
            if (output instanceof Output.File file) {
                files.put(name, file);
            }
        });
        files.put("report", report);
        return files;
    }

    /** Returns the name of an element of a list, as people read it; the first is called like the list. */
    static String name(String key, int index) {
        return index == 0 ? key : key + "[" + index + "]";
    }

    /** Returns the first file of a list of destinations, which is the one that people are shown. */
    public static Optional<Output.File> firstFile(List<Output> outputs) {
        return outputs.stream()
                .flatMap(output -> output instanceof Output.File file ? Stream.of(file) : Stream.empty())
                .findFirst();
    }

    /**
     * Whether results go to what can be cut back, or to files that are not there yet; a pipe cannot, nor can standard
     * output.
     */
    public boolean areResumable() {
        return results().values().stream().allMatch(Outputs::isResumable);
    }

    /** Whether what was written to an output can be cut back. */
    public static boolean isResumable(Output output) {
        return switch (output) {
            case Output.File file -> isFile(file);
            case Output.Postgres _ -> true;
        };
    }

    /** Whether an output is a file that can be cut back, or that is not there yet. */
    public static boolean isFile(Output.File output) {
        return !output.isStandardOutput() && (Files.isRegularFile(output.path()) || !Files.exists(output.path()));
    }
}
