package fanout.app.config.document;

/**
 * JSON may be indented with tabs. So may YAML inside brackets, but the parser stumbles over the second tab in a row: in a document
 * that begins with a bracket they become as many spaces, except inside double quotes, and every place stays what it was.
 */
final class Tabs {

    private Tabs() {}

    static String asSpaces(String text) {
        String start = text.stripLeading();
        if (text.indexOf('\t') < 0 || !(start.startsWith("{") || start.startsWith("["))) {
            return text;
        }
        StringBuilder spaces = new StringBuilder(text);
        boolean quoted = false;
        for (int i = 0; i < spaces.length(); i++) {
            switch (spaces.charAt(i)) {
                case '"' -> quoted = !quoted;
                case '\\' -> i += quoted ? 1 : 0; // what it escapes is no quote
                case '\t' -> spaces.setCharAt(i, quoted ? '\t' : ' ');
                default -> {} // means nothing here
            }
        }
        return spaces.toString();
    }
}
