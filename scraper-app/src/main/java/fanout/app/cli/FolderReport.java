package fanout.app.cli;

import fanout.app.store.DataCheck;
import fanout.app.terminal.CleanText;
import fanout.app.terminal.Table;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/** What {@code serve --check} prints, and ends with. Stateless. */
final class FolderReport {

    private static final int NOTHING_WRONG = 0;
    private static final int UNUSABLE = 2;
    private static final int SOMETHING_WRONG = 4;

    private FolderReport() {}

    /** Looks at a data folder; returns the exit code. */
    static int print(Path data, PrintWriter out) {
        DataCheck.Result found = DataCheck.of(data);
        out.println(CleanText.line("data folder " + data));
        found.facts().forEach(fact -> out.println(CleanText.line("  " + fact)));
        out.println();
        if (found.problems().isEmpty()) {
            out.println("nothing is wrong");
            return NOTHING_WRONG;
        }
        List<List<String>> rows = found.problems()
                .stream()
                .map(problem -> List.of(problem.where(), problem.what(), problem.cure()))
                .toList();
        new Table(List.of("where", "what is wrong", "what helps"), rows).lines(Integer.MAX_VALUE).forEach(out::println);
        if (found.isUsable()) {
            return SOMETHING_WRONG;
        }
        out.println();
        out.println("no service can use this folder");
        return UNUSABLE;
    }
}
