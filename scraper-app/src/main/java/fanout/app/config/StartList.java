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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Reads the start requests of {@code startUrlsFile}, in UTF-8: a table if its name ends with {@code .csv}, requests as
 * JSON if it ends with {@code .jsonl}, and otherwise one URL a line, where empty lines and those that begin with # say
 * nothing. {@code -} is standard input, unless the job itself comes from there. Not thread-safe; reads one list.
 */
final class StartList {

    private static final long MOST_BYTES = 256L << 20;
    /** Named, of the bad lines. */
    private static final int MOST_PROBLEMS = 20;
    /** Of a line. More is no request. */
    private static final int MOST_CHARACTERS = 1 << 20;
    private static final String TOO_LONG = "is longer than 1 MiB";
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
            table(name, new CsvReader(new Lines(reader)));
        } else {
            lines(name, kind.endsWith(".jsonl"), new Lines(reader));
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

    private void lines(String name, boolean areJson, Lines lines) throws IOException {
        for (String line = lines.next(); line != null && needsMoreLines(); line = lines.next()) {
            long number = lines.number();
            String text = line.strip();
            if (line.length() > MOST_CHARACTERS) {
                bad(name, number, ": " + TOO_LONG);
            } else if (areJson && !text.isEmpty()) {
                json(name, number, line);
            } else if (!text.isEmpty() && !text.startsWith("#")) {
                url(name, number, text);
            }
        }
    }

    private void url(String name, long number, String text) {
        Optional<CanonicalUrl> url = CanonicalUrl.parse(text);
        url.ifPresent(start -> requests.add(Request.start(start, Optional.empty())));
        if (url.isEmpty()) {
            bad(name, number, ": must be an absolute http or https URL without user name and password"
                    + (text.contains("@") ? "" : ", not \"" + text + "\""));
        }
    }

    /** Reads a line as an element of {@code startUrls}. */
    private void json(String name, long number, String line) {
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

    private void table(String name, CsvReader rows) throws IOException {
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
            Optional<String> problem = rows.mistake().isPresent() ? rows.mistake()
                    : cells.size() == names.size() ? row(names, cells)
                            : Optional.of("has " + cells.size() + " cells, but there are " + names.size() + " columns");
            problem.ifPresent(why -> bad(name, rows.line(), ": " + why));
        }
    }

    /** Adds the request of a row; returns why the row has no request, if so. */
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

    /** Reads lines, and takes back those that were read too far. Not thread-safe. */
    private static final class Lines {

        private static final int NONE = -1;

        private final Reader in;
        private final Deque<String> back = new ArrayDeque<>();
        private long read;

        Lines(Reader in) {
            this.in = in;
        }

        /** The number of the last line, from 1. */
        long number() {
            return read - back.size();
        }

        /**
         * Returns the next line; null at the end. One that is longer than {@link #MOST_CHARACTERS} is cut behind one
         * more.
         */
        @Nullable
        String next() throws IOException {
            if (!back.isEmpty()) {
                return back.pop();
            }
            int c = in.read();
            if (c == NONE) {
                return null;
            }
            read++;
            StringBuilder line = new StringBuilder();
            for (; c != NONE && c != '\n'; c = in.read()) {
                if (line.length() <= MOST_CHARACTERS) {
                    line.append((char) c);
                }
            }
            return line.toString();
        }

        /** Gives back the last lines that were read, in their order. */
        void giveBack(List<String> last) {
            last.reversed().forEach(back::push);
        }
    }

    /**
     * Reads rows of comma-separated values, as RFC 4180 says; a line may end without a carriage return. A row with a
     * mistake in its quotation marks ends with its first line, so that one mark too many costs one row. Not
     * thread-safe.
     */
    private static final class CsvReader {

        /** A quotation mark that is not closed within so many lines never is. */
        private static final int MOST_LINES = 100;

        private final Lines lines;
        private long line;
        private Optional<String> mistake = Optional.empty();

        private final List<String> cells = new ArrayList<>();
        private final StringBuilder cell = new StringBuilder();
        private boolean isQuoted;
        private boolean isClosed;

        CsvReader(Lines lines) {
            this.lines = lines;
        }

        /** The line in which the last row begins. */
        long line() {
            return line;
        }

        /** Why the last row cannot be read, if it cannot. */
        Optional<String> mistake() {
            return mistake;
        }

        /** Returns the cells of the next row; empty at the end. */
        Optional<List<String>> next() throws IOException {
            String first = lines.next();
            if (first == null) {
                return Optional.empty();
            }
            line = lines.number();
            cells.clear();
            cell.setLength(0);
            isQuoted = false;
            isClosed = false;
            mistake = take(first);
            List<String> others = new ArrayList<>();
            while (isQuoted && mistake.isEmpty()) {
                String other = others.size() < MOST_LINES ? lines.next() : null;
                if (other == null) {
                    mistake = Optional.of("a quotation mark is not closed");
                } else {
                    others.add(other);
                    mistake = take(other);
                }
            }
            if (mistake.isPresent()) {
                lines.giveBack(others);
            }
            return Optional.of(List.copyOf(cells));
        }

        /** Takes the cells of a line; returns why they cannot be read, if they cannot. */
        private Optional<String> take(String text) {
            if (text.length() > MOST_CHARACTERS) {
                return Optional.of(TOO_LONG);
            }
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (isQuoted) {
                    boolean isMark = c == '"';
                    boolean isDoubled = isMark && i + 1 < text.length() && text.charAt(i + 1) == '"';
                    i += isDoubled ? 1 : 0;
                    isQuoted = !isMark || isDoubled;
                    isClosed = !isQuoted;
                    if (isQuoted) {
                        cell.append(c);
                    }
                } else if (c == ',') {
                    endCell();
                } else if (c == '\r' && i == text.length() - 1) {
                    break;
                } else if (isClosed) {
                    return Optional.of("there is text behind a closing quotation mark");
                } else if (c == '"' && cell.isEmpty()) {
                    isQuoted = true;
                } else {
                    cell.append(c);
                }
            }
            if (isQuoted) {
                cell.append('\n');
            } else {
                endCell();
            }
            return Optional.empty();
        }

        private void endCell() {
            cells.add(cell.toString());
            cell.setLength(0);
            isClosed = false;
        }
    }
}
