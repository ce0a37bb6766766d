package fanout.app.rehearsal;

import fanout.app.demo.DemoJob;
import fanout.app.demo.DemoShop;
import fanout.app.run.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.ToIntFunction;

/**
 * Does once, in one process, what users do: from it the JVM learns which classes to keep ready in its AOT cache, and
 * which methods are worth compiling. The launcher runs it after a build.
 */
public final class Rehearsal {

    /** A directory for the files that it writes, set by the launcher. */
    public static final String PROPERTY = "scraper.rehearsal";

    /**
     * Crawls of the shop that the launcher asks for: enough for the methods of a crawl to be compiled, and over in two
     * seconds.
     */
    public static final int CRAWLS = 25;

    private static final String PLAIN_JOB = """
            name: plain
            startUrls: ["SHOP/"]
            politeness: {delay: 0ms, autoThrottle: false, perHostConcurrency: 64, maxRequestsPerSecond: 100000}
            network: {allowedCidrs: [127.0.0.0/8]}
            """;

    private final Path folder;
    private final ToIntFunction<String[]> commands;
    private final int crawls;

    /**
     * A rehearsal.
     *
     * @param commands the program: it runs a command line, and returns the exit code
     */
    public Rehearsal(Path folder, ToIntFunction<String[]> commands, int crawls) {
        this.folder = folder;
        this.commands = commands;
        this.crawls = crawls;
    }

    /** Returns 0, or the exit code of the first command that did not do what was expected of it. */
    public int run() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        int code = command("demo", "--progress", "plain", "--output", place("demo"));
        try (DemoShop shop = DemoShop.open(0)) {
            String demo = write("demo.yaml", DemoJob.text(shop));
            String plain = write("plain.yaml", PLAIN_JOB.replace("SHOP", shop.origin()));
            code = first(code, command("validate", demo));
            code = first(code, command("try", demo, shop.origin() + "/"));
            for (int crawl = 0; crawl < crawls && code == 0; crawl++) {
                code = command("crawl", plain, "--progress", "none", "--pages", place("pages.jsonl"), "--items",
                        place("items.csv"), "--report", place("report.json"));
            }
            // Nothing listens there: this is for the certificates that the first https URL needs.
            int refused = command("try", plain, "https://127.0.0.1:1/");
            code = first(code, refused == ExitCode.NO_RESULTS.value() ? 0 : Math.max(1, refused));
        }
        code = first(code, command("serve", "--help"));
        code = first(code, new ServiceRehearsal(folder.resolve("data")).run());
        return code;
    }

    private static int first(int code, int next) {
        return code == 0 ? next : code;
    }

    private String place(String name) {
        return folder.resolve(name).toString();
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private int command(String... words) {
        return commands.applyAsInt(words);
    }
}
