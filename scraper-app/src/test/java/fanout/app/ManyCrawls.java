package fanout.app;

import fanout.Scraper;
import fanout.app.config.JobFileReader;
import fanout.app.config.JobOverrides;
import fanout.job.CrawlJob;
import fanout.report.CrawlReport;
import fanout.sink.OutputFile;
import fanout.sink.PagesFile;
import fanout.sink.ReportFile;
import fanout.sink.Sink;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** A program of its own that runs one job several times at once, by one {@link Scraper}. */
final class ManyCrawls {

    private ManyCrawls() {}

    /** Writes {@code pages.jsonl} and {@code report.json} into the folders 0, 1 and so on beside the job file. */
    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        int count = Integer.parseInt(arguments[1]);
        CrawlJob job;
        try (InputStream content = Files.newInputStream(file)) {
            job = JobFileReader.read(file.toString(), content, JobOverrides.NONE, System.getenv()).job();
        }
        try (Scraper scraper = Scraper.create(); ExecutorService threads = Executors.newFixedThreadPool(count)) {
            List<Callable<CrawlReport>> crawls = new ArrayList<>();
            IntStream.range(0, count)
                    .mapToObj(number -> file.resolveSibling(String.valueOf(number)))
                    .forEach(folder -> crawls.add(() -> crawl(scraper, job, folder)));
            for (Future<CrawlReport> report : threads.invokeAll(crawls)) {
                report.get();
            }
        }
    }

    private static CrawlReport crawl(Scraper scraper, CrawlJob job, Path folder) throws Exception {
        Files.createDirectory(folder);
        try (Sink pages = PagesFile.jsonLines(OutputFile.create(folder.resolve("pages.jsonl")))) {
            CrawlReport report = scraper.crawl(job).to(pages).run();
            ReportFile.write(report, folder.resolve("report.json"));
            return report;
        }
    }
}
