package fanout.app.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code scraper completion}. */
@Command(name = "completion", description = "Prints a script for completion in bash or zsh.",
        footerHeading = "%nUse:%n",
        footer = {"bash:  source <(scraper completion bash)      # or write it to a file that ~/.bashrc reads",
            "zsh:   source <(scraper completion zsh)       # or write it to a file that ~/.zshrc reads"})
public final class CompletionCommand implements Callable<Integer> {

    /** The shells with a script of their own. */
    enum Shell {
        BASH, ZSH;

        /** As users write it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "bash|zsh", defaultValue = "bash",
            description = "The shell; bash if not said.")
    private Shell shell = Shell.BASH;

    /** For picocli. */
    public CompletionCommand() {}

    @Override
    public Integer call() {
        CommandLine scraper = spec.parent().commandLine();
        PrintWriter out = spec.commandLine().getOut();
        out.print(switch (shell) {
            case BASH, ZSH -> AutoComplete.bash(scraper.getCommandName(), scraper); // which emulates bash in zsh
        });
        return CommandLine.ExitCode.OK;
    }
}
