package fanout.app.cli;

import fanout.app.config.schema.BundledSchema;
import fanout.app.run.ExitCode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code scraper schema}. */
@Command(name = "schema",
        description = "Prints the JSON Schema (draft 2020-12) of a job, with which editors complete and "
                + "check.",
        exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:printed", "1:internal error", "2:bad usage",
            "4:standard output could not be written"})
public final class SchemaCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--service",
            description = "Prints that of a service's configuration, as scraper serve --config reads.")
    private boolean service;

    /** For picocli. */
    public SchemaCommand() {}

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.print((service ? BundledSchema.SERVICE : BundledSchema.JOB).text());
        return ExitCode.FINISHED.value();
    }
}
