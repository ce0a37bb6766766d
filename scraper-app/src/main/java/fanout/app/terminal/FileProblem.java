package fanout.app.terminal;

import java.io.IOException;
import java.nio.file.FileSystemException;

/** What went wrong with a file, in words: the JDK's file exceptions carry no more than the path. */
public final class FileProblem {

    private FileProblem() {}

    public static String explain(IOException e) {
        String said = String.valueOf(e.getMessage());
        return e instanceof FileSystemException ? e.getClass().getSimpleName().replace("Exception", "") + ": " + said
                : said;
    }
}
