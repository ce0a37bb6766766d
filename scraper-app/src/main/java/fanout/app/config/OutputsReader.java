package fanout.app.config;

import fanout.app.config.document.DocumentPosition;
import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.app.config.schema.Section;
import fanout.sink.Compression;
import fanout.sink.CsvStyle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code output}: paths, and the formats that they or the job name. */
record OutputsReader(Problems problems, JobPaths paths) {

    private static final String JSON_LINES = "jsonl";
    private static final String CSV = "csv";
    private static final String SQLITE = "sqlite";
    /** In which SQLite and we keep what belongs to no row. */
    private static final Pattern RESERVED = Pattern.compile("(?i)sqlite_.*|scraper_positions");
    private static final Path NOWHERE = Path.of("/dev/null");

    /** @param hasDownloads whether the job keeps files, whatever its output says */
    Outputs read(Section section, String job, boolean hasDownloads) {
        Map<Object, List<Claim>> taken = new LinkedHashMap<>();
        List<Output> pages = rows(section, "pages", job, taken);
        List<Output> items = rows(section, "items", job, taken);
        noServer(section);
        Optional<Output.File> links = section.node("links")
                .flatMap(node -> section.scalar("links").isPresent()
                        ? section.scalar("links").flatMap(path -> named("links", path))
                        : file("links", section.section("links")));
        if (links.filter(file -> file.format() instanceof Output.Format.Sqlite).isPresent()) {
            problems.add(section.at("links"), "links are no table of a database; name a file that ends in .jsonl or "
                    + ".csv");
        }
        links.ifPresent(file -> claim(section.at("links"), "links", file, taken));
        Path folder = section.scalar("files")
                .flatMap(paths::output)
                .orElse(Path.of(section.textNamedAfter(job, "files")));
        Optional<Outputs.Bodies> bodies = hasDownloads || section.flag("bodies")
                ? Optional.of(new Outputs.Bodies(folder, section.flag("bodies")))
                : Optional.empty();
        if (bodies.isPresent() && new Output.File(folder, Output.Format.JSON_LINES).isStandardOutput()) {
            problems.add(section.at("files"), "files are written to a folder, not to standard output");
        } else {
            bodies.ifPresent(kept -> {
                claim(section.at("files"), "files", new Output.File(folder, Output.Format.JSON_LINES), taken);
                claim(section.at("files"), "the lines of files", kept.lines(), taken);
            });
        }
        Output.File report = section.scalar("report")
                .flatMap(paths::output)
                .map(path -> new Output.File(path, Output.Format.JSON_LINES))
                .orElse(standard(section, "report", job));
        claim(section.at("report"), "report", report, taken);
        Optional<Path> journal = journal(section, Outputs.firstFile(pages).orElse(standard(section, "pages", job)));
        journal.map(path -> new Output.File(path, Output.Format.JSON_LINES))
                .ifPresent(output -> claim(section.at("journal"), "journal", output, taken));
        return new Outputs(pages, items, links, bodies, report, journal, section.smallInteger("keep"));
    }

    /** Links go to files. */
    private void noServer(Section section) {
        Section links = section.section("links");
        if (links.has("jdbc")) {
            problems.add(links.keyAt("jdbc"), "links go to files; name one that ends in .jsonl or .csv");
        }
    }

    /** Next to the first file of pages, which standard output cannot take. */
    private Optional<Path> journal(Section section, Output.File pages) {
        if (section.has("journal")) {
            return section.scalar("journal").flatMap(paths::output);
        }
        // Written with null, none is wanted.
        return section.isEmpty("journal") || pages.isStandardOutput() ? Optional.empty()
                : Optional.of(pages.path().resolveSibling("crawl.journal"));
    }

    private static Output.File standard(Section section, String key, String job) {
        return new Output.File(Path.of(section.textNamedAfter(job, key)), Output.Format.JSON_LINES);
    }

    /** Reads a path, a mapping, or a list of these. Nothing else is written where one of them is. */
    private List<Output> rows(Section section, String key, String job, Map<Object, List<Claim>> taken) {
        boolean isList = section.node(key).filter(YamlNode.Sequence.class::isInstance).isPresent();
        List<YamlNode> nodes = isList ? section.elements(key) : section.node(key).stream().toList();
        if (section.has(key) && section.isEmpty(key)) {
            problems.add(section.at(key), key + " is an empty list; name a destination, or take the key out");
        }
        List<Output> outputs = new ArrayList<>();
        for (YamlNode node : nodes) {
            Optional<? extends Output> output = node instanceof YamlNode.Scalar scalar ? named(key, scalar)
                    : destination(key, isList ? section.element(key, node).orElseThrow() : section.section(key));
            output.ifPresent(found -> claim(node.at(), Outputs.name(key, outputs.size()), found, taken));
            outputs.addAll(output.stream().toList());
        }
        if (outputs.isEmpty()) {
            Output.File standard = standard(section, key, job);
            claim(section.at(key), key, standard, taken);
            outputs.add(standard);
        }
        return outputs;
    }

    private Optional<? extends Output> destination(String key, Section mapping) {
        return mapping.has("jdbc") ? new PostgresReader(problems).read(key, mapping)
                : PostgresReader.isFree(mapping, problems) ? file(key, mapping) : Optional.empty();
    }

    private Optional<Output.File> named(String key, YamlNode.Scalar node) {
        return paths.output(node)
                .flatMap(path -> kind(node.at(), path)
                        .map(kind -> new Output.File(path, format(kind.rows(), CsvStyle.STANDARD, key),
                                kind.compression())));
    }

    private Optional<Output.File> file(String key, Section file) {
        return file.scalar("path")
                .flatMap(paths::output)
                .flatMap(path -> file.text("format")
                        .map(format -> Kind.of(format, path))
                        .or(() -> file.has("format") ? Optional.empty() : kind(file.at("path"), path))
                        .filter(kind -> isPossible(file, path, kind))
                        .flatMap(kind -> style(file, kind.rows()).map(style -> new Output.File(path,
                                format(kind.rows(), style, file.text("table").orElse(key)), kind.compression()))));
    }

    /** Returns whether a database can be what is asked for; if not, it is a problem. */
    private boolean isPossible(Section file, Path path, Kind kind) {
        boolean isDatabase = kind.rows().equals(SQLITE);
        Optional<String> problem = file.text("table").filter(_ -> !isDatabase).isPresent()
                ? Optional.of("table is for SQLite, and this file is " + kind.rows()
                        + "; take it out, or write format: sqlite")
                : file.text("table")
                        .filter(table -> RESERVED.matcher(table).matches())
                        .map(table -> "the table " + table + " is not for rows; give it another name");
        problem.ifPresent(said -> problems.add(file.keyAt("table"), said));
        boolean isOutput = new Output.File(path, Output.Format.JSON_LINES).isStandardOutput();
        if (isDatabase && isOutput) {
            problems.add(file.at("path"), "standard output holds no database; name a file");
        }
        return problem.isEmpty() && !(isDatabase && isOutput);
    }

    /** What a format or an extension says, as in {@code csv.gz}. */
    private record Kind(String rows, Compression compression) {

        /** A format that names no compression leaves it to the path. */
        private static Kind of(String format, Path path) {
            Compression own = Compression.of(Path.of("." + format));
            return format.equals(SQLITE) ? new Kind(format, Compression.NONE)
                    : new Kind(format.substring(0, format.length() - own.ending().length()),
                            own == Compression.NONE ? Compression.of(path) : own);
        }
    }

    /** Returns how a table is written; of another format it says nothing. Empty if it is a problem. */
    private Optional<CsvStyle> style(Section file, String rows) {
        if (!rows.equals(CSV)) {
            Optional<String> strange = List.of("separator", "bom", "guard").stream().filter(file::has).findFirst();
            strange.ifPresent(key -> problems.add(file.keyAt(key), key + " is for CSV, and this file is " + rows
                    + "; take it out, or write format: csv"));
            return strange.isPresent() ? Optional.empty() : Optional.of(CsvStyle.STANDARD);
        }
        return file.make(() -> new CsvStyle(file.text("separator").orElseThrow().charAt(0), file.flag("bom"),
                file.flag("guard")));
    }

    private static Output.Format format(String rows, CsvStyle style, String table) {
        return switch (rows) {
            case CSV -> new Output.Format.Csv(style);
            case SQLITE -> new Output.Format.Sqlite(table);
            default -> Output.Format.JSON_LINES;
        };
    }

    /** By the extension; without one, as for devices and pipes, JSON Lines. */
    private Optional<Kind> kind(DocumentPosition at, Path path) {
        String name = String.valueOf(path.getFileName());
        Compression compression = Compression.of(path);
        String rest = name.substring(0, name.length() - compression.ending().length());
        int dot = rest.lastIndexOf('.');
        String rows = dot >= 0 ? rest.substring(dot + 1) : compression == Compression.NONE ? JSON_LINES : "";
        boolean isDatabase = rows.equals(SQLITE) && compression == Compression.NONE;
        if (!rows.equals(JSON_LINES) && !rows.equals(CSV) && !isDatabase) {
            problems.add(at, "\"" + path + "\" must end in .jsonl or .csv, with .gz or .zst behind it if it is to be "
                    + "compressed, or in .sqlite; for another name write {path: …, format: jsonl}");
            return Optional.empty();
        }
        return Optional.of(new Kind(rows, compression));
    }

    private void claim(DocumentPosition at, String key, Output output, Map<Object, List<Claim>> taken) {
        switch (output) {
            case Output.File file -> claim(at, key, file, taken);
            case Output.Postgres table -> {
                List<Claim> claims = taken.computeIfAbsent(table.place(), _ -> new ArrayList<>());
                claims.forEach(other -> problems.add(at, key + " and " + other.key() + " are both written to "
                        + table.place()));
                claims.add(new Claim(key, table));
            }
        }
    }

    private void claim(DocumentPosition at, String key, Output.File output, Map<Object, List<Claim>> taken) {
        Object file = FileIdentity.of(output.isStandardOutput() ? Output.File.DEVICE : output.path());
        boolean discarded = !output.isStandardOutput() && file.equals(FileIdentity.of(NOWHERE));
        if (discarded) {
            return;
        }
        List<Claim> claims = taken.computeIfAbsent(file, _ -> new ArrayList<>());
        claims.stream()
                .filter(claim -> !claim.isNextTo(output))
                .findFirst()
                .ifPresent(other -> problems.add(at, key + " and " + other.key() + " are both written to \""
                        + output.path() + "\"" + (output.format() instanceof Output.Format.Sqlite(String table)
                                && other.isTable()
                                        ? ", table " + table + "; give each a table of its own, and the file one name"
                                        : "")));
        claims.add(new Claim(key, output));
    }

    /** Which output is written to a file. */
    private record Claim(String key, Output output) {

        private boolean isTable() {
            return output instanceof Output.File file && file.format() instanceof Output.Format.Sqlite;
        }

        /** Returns whether both are tables of one database. */
        private boolean isNextTo(Output.File other) {
            return output instanceof Output.File file && file.format() instanceof Output.Format.Sqlite(String mine)
                    && other.format() instanceof Output.Format.Sqlite(String table)
                    && !mine.equalsIgnoreCase(table)
                    && file.path().toAbsolutePath().normalize().equals(other.path().toAbsolutePath().normalize());
        }
    }

    /** Finds which file a path leads to, whatever its name, and whether or not the file is there yet. */
    private static final class FileIdentity {

        /** After so many links a system gives up, because they may form a circle. */
        private static final int MOST_LINKS = 40;

        private FileIdentity() {}

        /** Returns what is equal for two paths exactly if both lead to one file. */
        private static Object of(Path path) {
            Path place = withoutLinks(path);
            return key(path).or(() -> key(place)).orElse(place);
        }

        /** Returns what a file has in common with its other names; empty if it is not there yet. */
        private static Optional<Object> key(Path path) {
            try {
                return Optional.ofNullable(Files.readAttributes(path, BasicFileAttributes.class).fileKey());
            } catch (IOException e) {
                return Optional.empty(); // if it is there after all, opening it will fail with the reason
            }
        }

        /**
         * Returns the path with its links followed, which opening it would do; where a link leads need not be there.
         */
        private static Path withoutLinks(Path path) {
            Path absolute = path.toAbsolutePath();
            Path place = absolute.getRoot();
            Deque<Path> names = new ArrayDeque<>();
            absolute.forEach(names::add);
            for (int links = 0; !names.isEmpty();) {
                Path next = place.resolve(names.pop()).normalize();
                if (Files.isSymbolicLink(next) && links < MOST_LINKS) {
                    links++;
                    Path target = target(next);
                    place = target.isAbsolute() ? target.getRoot() : place;
                    for (int i = target.getNameCount() - 1; i >= 0; i--) {
                        names.push(target.getName(i));
                    }
                } else {
                    place = next;
                }
            }
            return place;
        }

        private static Path target(Path link) {
            try {
                return Files.readSymbolicLink(link);
            } catch (IOException e) {
                return Path.of("."); // it cannot be followed; opening it will fail with the reason
            }
        }
    }
}
