package fanout.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.config.document.DocumentPosition;
import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.app.config.document.YamlReader;
import fanout.app.config.schema.BundledSchema;
import fanout.app.config.schema.SchemaCheck;
import fanout.app.config.schema.Section;
import fanout.job.Secrets;
import fanout.job.Start;
import fanout.page.Request;
import fanout.page.Request.Details;
import fanout.url.CanonicalUrl;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads the start requests of {@code startUrlsFile}, in UTF-8: a table if its name ends with {@code .csv}, requests as
 * JSON if it ends with {@code .jsonl}, and otherwise one URL a line, where empty lines and those that begin with # say
 * nothing. {@code -} is standard input, unless the job itself comes from there. Not thread-safe; reads one list.
 */
final class StartList {

    private static final long MOST_BYTES = 256L << 20;
    /** Named, of the bad lines. */
    private static final int MOST_PROBLEMS = 20;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final Problems problems;
    private final JobPaths paths;
    private final Optional<InputStream> standardInput;
    private final YamlNode.Scalar node;
    private final boolean skipsBadLines;

    private final List<Request> requests = new ArrayList<>();
    private final List<String> bad = new ArrayList<>();
    private long badLines;

    /**
     * @param node the path
     * @param skipsBadLines whether a line that is no request is counted, and not a problem of the job
     */
    StartList(Problems problems, JobPaths paths, Optional<InputStream> standardInput, YamlNode.Scalar node,
            boolean skipsBadLines) {
        this.problems = problems;
        this.paths = paths;
        this.standardInput = standardInput;
        this.node = node;
        this.skipsBadLines = skipsBadLines;
    }

    /** Reads the list; what is wrong with it becomes a problem of the job. */
    void read() {
        if (node.text().equals("-")) {
            readStandardInput();
        } else {
            paths.input(node, "startUrlsFile").ifPresent(this::readFile);
        }
    }

    /** Returns the requests that were read, in their order. */
    List<Request> requests() {
        return requests;
    }

    /** Returns the lines that were skipped. */
    Start.SkippedLines skipped() {
        return skipsBadLines && badLines > 0 ? new Start.SkippedLines(badLines, bad) : Start.SkippedLines.NONE;
    }

    private void readStandardInput() {
        if (standardInput.isEmpty()) {
            problems.add(node.at(), "startUrlsFile: standard input is the job itself; name a file");
            return;
        }
        try {
            read("standard input", "standard input", standardInput.get());
        } catch (CharacterCodingException e) {
            problems.add(node.at(), "startUrlsFile: standard input is not UTF-8");
        } catch (IOException e) {
            problems.add(node.at(), "startUrlsFile: cannot read standard input: " + e.getMessage());
        }
    }

    private void readFile(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                problems.add(node.at(), "startUrlsFile " + file + " is longer than 256 MiB");
                return;
            }
            try (InputStream in = Files.newInputStream(file)) {
                read(file.toString(), String.valueOf(file.getFileName()), in);
            }
        } catch (CharacterCodingException e) {
            problems.add(node.at(), "startUrlsFile " + file + " is not UTF-8; save it as UTF-8");
        } catch (IOException e) {
            problems.add(node.at(), paths.unreadable(node, "startUrlsFile", file, e));
        }
    }

    /** @param name of the file, with its folder */
    private void read(String name, String fileName, InputStream in) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(new Bounded(in), UTF_8.newDecoder()));
        reader.mark(1);
        if (reader.read() != BYTE_ORDER_MARK) {
            reader.reset();
        }
        String kind = fileName.toLowerCase(Locale.ROOT);
        int before = problems.all().size();
        if (kind.endsWith(".csv")) {
            table(name, reader);
        } else {
            lines(name, kind.endsWith(".jsonl"), reader);
        }
        if (!skipsBadLines) {
            bad.forEach(problem -> problems.add(node.at(), problem));
        }
        if (requests.isEmpty() && problems.all().size() == before) {
            problems.add(node.at(), "startUrlsFile " + name + " holds no URL"
                    + (bad.isEmpty() ? "" : " in a line without a mistake; the first is in " + bad.getFirst()));
        }
    }

    /** Whether further lines are of use: of the mistakes that end the job, twenty are enough. */
    private boolean needsMoreLines() {
        return skipsBadLines || badLines < MOST_PROBLEMS;
    }

    private void bad(String name, long line, String problem) {
        badLines++;
        if (bad.size() < MOST_PROBLEMS) {
            bad.add(name + ", line " + line + problem);
        }
    }

    private void lines(String name, boolean areJson, BufferedReader reader) throws IOException {
        long number = 0;
        for (String line = reader.readLine(); line != null && needsMoreLines(); line = reader.readLine()) {
            number++;
            String text = line.strip();
            if (text.isEmpty() || (text.startsWith("#") && !areJson)) {
                continue;
            }
            if (areJson) {
                json(name, number, line);
            } else {
                Optional<CanonicalUrl> url = CanonicalUrl.parse(text);
                url.ifPresent(start -> requests.add(Request.start(start, Optional.empty())));
                if (url.isEmpty()) {
                    bad(name, number, ": must be an absolute http or https URL without user name and password"
                            + (text.contains("@") ? "" : ", not \"" + text + "\""));
                }
            }
        }
    }

    /** Reads a line as an element of {@code startUrls}. */
    private void json(String name, long number, String line) {
        if (line.length() > JobPipeline.MOST_BYTES) {
            bad(name, number, ": is longer than 1 MiB");
            return;
        }
        Problems found = new Problems();
        Optional<Request> request = YamlReader.read("line.json", line, found)
                .filter(_ -> found.isEmpty())
                .flatMap(element -> request(element, found));
        if (found.isEmpty() && request.isPresent()) {
            requests.add(request.get());
        } else {
            bad(name, number, found.all()
                    .stream()
                    .findFirst()
                    .map(mistake -> ", column " + mistake.at().column() + ": " + mistake.message())
                    .orElse(": must be a request, as in {\"url\": \"https://example.org/\"}"));
        }
    }

    private static Optional<Request> request(YamlNode element, Problems found) {
        DocumentPosition start = element.at();
        YamlNode.Mapping document = new YamlNode.Mapping(start, List.of(new YamlNode.Entry(
                new YamlNode.Scalar(start, "startUrls", true), new YamlNode.Sequence(start, List.of(element)))));
        SchemaCheck check = new SchemaCheck(found, BundledSchema.JOB);
        YamlNode.Mapping checked = check.checkPart((YamlNode.Mapping) check.withoutUsersKeys(document));
        Section job = Section.of(checked, found, BundledSchema.JOB);
        RequestReader reader = new RequestReader(found, new ValueReader(found), Secrets.NONE);
        return job.elements("startUrls").stream().findFirst().flatMap(one -> reader.read(job, "startUrls", one));
    }

    private void table(String name, Reader reader) throws IOException {
        CsvReader rows = new CsvReader(reader);
        Optional<List<String>> columns = rows.next();
        if (columns.isEmpty()) {
            return;
        }
        List<String> names = columns.get().stream().map(String::strip).toList();
        if (!names.contains("url") || new HashSet<>(names).size() < names.size()) {
            problems.add(node.at(), name + ", line 1: must name the columns, each once, and one of them url; it is \""
                    + String.join(",", names) + "\"");
            return;
        }
        for (Optional<List<String>> row = rows.next(); row.isPresent() && needsMoreLines(); row = rows.next()) {
            List<String> cells = row.get();
            if (cells.size() == 1 && cells.getFirst().isBlank() && names.size() > 1) {
                continue;
            }
            Optional<String> problem = rows.isUnclosed() ? Optional.of("a quotation mark is not closed")
                    : cells.size() == names.size() ? row(names, cells)
                            : Optional.of("has " + cells.size() + " cells, but there are " + names.size() + " columns");
            problem.ifPresent(why -> bad(name, rows.line(), ": " + why));
        }
    }

    /** Adds the request of a row; returns why it is none, if it is. */
    private Optional<String> row(List<String> names, List<String> cells) {
        Map<String, Object> data = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            if (!cells.get(i).isEmpty()) {
                data.put(names.get(i), cells.get(i));
            }
        }
        String text = String.valueOf(data.getOrDefault("url", "")).strip();
        Optional<CanonicalUrl> url = CanonicalUrl.parse(text);
        if (url.isEmpty()) {
            return Optional.of(UrlProblem.of("url", text));
        }
        data.remove("url");
        Optional<String> label =
                Optional.ofNullable(data.remove("label")).map(Object::toString).filter(name -> !name.isBlank());
        String number = String.valueOf(Optional.ofNullable(data.remove("priority")).orElse("0")).strip();
        OptionalInt priority = priority(number);
        if (priority.isEmpty()) {
            return Optional.of("priority must be a whole number between -2147483648 and 2147483647, not \"" + number
                    + "\"");
        }
        try {
            Details details = Details.of(data);
            requests.add(Request.start(url.get(), label)
                    .with(priority.getAsInt() == 0 ? details
                            : new Details(Request.Method.GET, Map.of(), Optional.empty(), priority.getAsInt(), data)));
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static OptionalInt priority(String number) {
        try {
            return OptionalInt.of(Integer.parseInt(number));
        } catch (NumberFormatException e) {
            return OptionalInt.empty(); // the caller says what was expected
        }
    }

    /** Ends with a failure behind so many bytes: standard input, a pipe or a device may be without end. */
    private static final class Bounded extends FilterInputStream {

        private long left = MOST_BYTES;

        Bounded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int read = super.read(into, offset, length);
            left -= Math.max(read, 0);
            if (left < 0) {
                throw new IOException("it is longer than 256 MiB");
            }
            return read;
        }
    }

    /**
     * Reads rows of comma-separated values, as RFC 4180 says; a line may end without a carriage return. Not
     * thread-safe.
     */
    private static final class CsvReader {

        private static final int NONE = -1;

        private final Reader in;
        private long lineBreaks;
        private long line;
        private boolean isUnclosed;

        CsvReader(Reader in) {
            this.in = in;
        }

        /** The line in which the last row begins, from 1. */
        long line() {
            return line;
        }

        /** Whether the list ended within the quotation marks of the last row. */
        boolean isUnclosed() {
            return isUnclosed;
        }

        /** Returns the cells of the next row; empty at the end. */
        Optional<List<String>> next() throws IOException {
            line = lineBreaks + 1;
            int c = in.read();
            if (c == NONE) {
                return Optional.empty();
            }
            List<String> cells = new ArrayList<>();
            StringBuilder cell = new StringBuilder();
            while (true) {
                if (c == '"' && cell.isEmpty()) {
                    c = quoted(cell);
                }
                switch (c) {
                    case ',' -> {
                        cells.add(cell.toString());
                        cell.setLength(0);
                    }
                    case NONE, '\n' -> {
                        lineBreaks += c == '\n' ? 1 : 0;
                        boolean returned = !cell.isEmpty() && cell.charAt(cell.length() - 1) == '\r';
                        cells.add(cell.substring(0, cell.length() - (returned ? 1 : 0)));
                        return Optional.of(cells);
                    }
                    default -> cell.append((char) c);
                }
                c = in.read();
            }
        }

        /** Reads to the closing mark; returns the character behind it. */
        private int quoted(StringBuilder cell) throws IOException {
            for (int c = in.read(); c != NONE; c = in.read()) {
                lineBreaks += c == '\n' ? 1 : 0;
                if (c == '"') {
                    int next = in.read();
                    if (next != '"') {
                        return next;
                    }
                }
                cell.append((char) c);
            }
            isUnclosed = true;
            return NONE;
        }
    }
}
