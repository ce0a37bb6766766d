package fanout.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.config.schema.BundledSchema;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/** Damages a job in one to four ways, which a seed chooses. */
final class Mutation {

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_./$-]+");
    private static final Pattern KEY = Pattern.compile("\"?([A-Za-z$-]+)\"?(?=:)");
    private static final List<String> KEYS = keys();
    private static final List<String> EVIL = List.of("", "~", "null", "[]", "{}", "[[]]", "{a: b}", "*a", "&a x",
            "&a [*a]",
            "!!str x", "!!int x", "!!binary AAAA", "!!java.net.URL [a]", "!local x", "! x", "'", "\"", "\"\\x1b[2J\"",
            "\"\\u202e\"", "\u202e", "\ud83d\ude00", "\u0085", "\u2028", "\ufeff", "\u00a0", "\t", " ", "\r", "\u0000",
            "\u001b", "%YAML 1.3", "%TAG ! tag:", "---", "...", "--- a", "|", ">-", "|9", "? ", "? a\n: b", "- ",
            "- - -",
            "<<", "<<: {a: b}", ": ", ":", "#", " #", ",", "]", "}", "[", "{", "@", "`", "\\", "0", "-0", "-1", "+1",
            "00", "1e3",
            "1e999999999", ".inf", ".nan", "-.INF", "0x7fffffffffffffff", "0xfffffffffffffffffffff", "0o7777", "1_000",
            "9223372036854775807", "9223372036854775808", "-9223372036854775808", "99999999999999999999999999",
            "9".repeat(500), "9".repeat(20_000), "true", "True", "yes", "0s", "1ms", "-1s", "1.5s", "999999999999d",
            "PT0S", "PT",
            "P99999999999999D", "-PT1S", "1 s", "0.000000000000000001s", "1B", "1KiB", "1.5MiB", "999999999999GiB",
            "-1MiB",
            "auto", "jsonl", "csv", "-", "/", "/dev/null", "../..", "a\u0000b", "~/x", "a".repeat(5000),
            "\u00e9".repeat(300),
            "http://", "http://[", "http://[::1", "http://a:b@c/", "http://%00/", "http://\u202e/", "http://1/",
            "http://0x7f.1/",
            "https://127.0.0.1:65536/", "file:///etc/passwd", "javascript:1", "//a", "a b", "(", "(((", "[", "a{1000}",
            "((a{100}){100}){100}", "a{1000}{1000}", "(?=a)", "(a+)+$", "\\\\Q", "[[:alpha:]", "[^]]", "a[",
            ":has(:has(",
            ":not(".repeat(200) + "a" + ")".repeat(200), "a,", ">", "//[", "//a[", "$x", "foo()", "(".repeat(300),
            "//a/@",
            "0.0.0.0/0", "::/0", "1.2.3.4/33", "fe80::1%eth0", "10.1/8", "${", "${X}", "$${", "${}", "${PATH", "$",
            "${X}${Y}",
            "[".repeat(49) + "]".repeat(49), "[".repeat(51) + "]".repeat(51), "[".repeat(5000), "{a: ".repeat(60) + "1",
            "{a: ".repeat(49) + "1" + "}".repeat(49), "\n".repeat(2000), "\n  - a", "\n- a", "\nname: x", "\nname:",
            "\n  x: y");

    private final SplittableRandom random;
    private byte[] job;

    private Mutation(byte[] job, long seed) {
        this.job = job;
        this.random = new SplittableRandom(seed);
    }

    static byte[] of(List<byte[]> jobs, long seed) {
        Mutation mutation = new Mutation(new byte[0], seed);
        mutation.job = jobs.get(mutation.random.nextInt(jobs.size())).clone();
        for (int times = 1 + mutation.random.nextInt(4); times > 0; times--) {
            mutation.mutate(jobs);
        }
        return mutation.job;
    }

    private void mutate(List<byte[]> jobs) {
        switch (random.nextInt(14)) {
            case 0 -> flipByte();
            case 1 -> splice(place(), 0, new byte[]{(byte) random.nextInt(256)});
            case 2 -> splice(place(), random.nextInt(1, 20), new byte[0]);
            case 3 -> splice(place(), job.length, new byte[0]);
            case 4 -> splice(place(), 0, evil());
            case 5, 6, 7 -> replace(WORD, evil());
            case 8, 9 -> replace(KEY, pick(KEYS).getBytes(UTF_8));
            case 10 -> lines(random.nextInt(4));
            case 11 -> splice(place(), 0, ("  ".repeat(random.nextInt(4)) + "\n").getBytes(UTF_8));
            case 12 -> indent();
            default -> splice(place(), 0, part(jobs.get(random.nextInt(jobs.size()))));
        }
    }

    private int place() {
        return random.nextInt(job.length + 1);
    }

    private byte[] evil() {
        return pick(EVIL).getBytes(UTF_8);
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private void flipByte() {
        if (job.length > 0) {
            job[random.nextInt(job.length)] ^= (byte) (1 << random.nextInt(8));
        }
    }

    private byte[] part(byte[] other) {
        int from = random.nextInt(other.length);
        return Arrays.copyOfRange(other, from, Math.min(other.length, from + random.nextInt(200)));
    }

    private void splice(int at, int removed, byte[] inserted) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(job, 0, at);
        out.writeBytes(inserted);
        int rest = Math.min(job.length, at + removed);
        out.write(job, rest, job.length - rest);
        job = out.toByteArray();
    }

    private void replace(Pattern what, byte[] by) {
        String text = new String(job, UTF_8);
        List<int[]> found = new ArrayList<>();
        Matcher matcher = what.matcher(text);
        while (matcher.find()) {
            found.add(new int[]{matcher.start(), matcher.end()});
        }
        if (!found.isEmpty()) {
            int[] one = pick(found);
            job = (text.substring(0, one[0]) + new String(by, UTF_8) + text.substring(one[1])).getBytes(UTF_8);
        }
    }

    /** Deletes, doubles, moves or cuts off lines. */
    private void lines(int how) {
        List<String> lines = new ArrayList<>(List.of(new String(job, UTF_8).split("\n", -1)));
        int line = random.nextInt(lines.size());
        String taken = lines.get(line);
        switch (how) {
            case 0 -> lines.remove(line);
            case 1 -> lines.add(random.nextInt(lines.size()), taken);
            case 2 -> lines.add(random.nextInt(lines.size()), lines.remove(line));
            default -> lines.subList(line, lines.size()).clear();
        }
        job = String.join(pick(List.of("\n", "\n", "\r\n", "\r")), lines).getBytes(UTF_8);
    }

    private void indent() {
        String[] lines = new String(job, UTF_8).split("\n", -1);
        int line = random.nextInt(lines.length);
        lines[line] =
                random.nextBoolean() ? " ".repeat(random.nextInt(1, 4)) + lines[line] : lines[line].stripLeading();
        job = String.join("\n", lines).getBytes(UTF_8);
    }

    private static List<String> keys() {
        List<String> keys = new ArrayList<>(List.of("x-a", "maxPage", "", "a b", "\"\\n\"", "{}", "[]", "__proto__"));
        new JsonMapper().readTree(BundledSchema.JOB.text()).get("properties").properties().forEach(section -> {
            keys.add(section.getKey());
            keys.addAll(section.getValue().path("properties").propertyNames());
        });
        return keys;
    }
}
