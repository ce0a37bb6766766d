package fanout.app.terminal;

import java.util.regex.Pattern;

/** User names and passwords in URLs, which no message may show. */
public final class Userinfo {

    /** To the last @ of the word, because a password may hold one; paths have a single slash. */
    private static final Pattern IN_A_URL = Pattern.compile("(\\w:/+)\\S*@");

    private Userinfo() {}

    /** What a user has typed, with three asterisks for what may be a user name and a password. */
    public static String hiddenIn(String typed) {
        return IN_A_URL.matcher(typed).replaceAll("$1***@");
    }
}
