package fanout.app.config.document;

/**
 * JSON may be indented with tabs, and so may YAML inside brackets, but the parser refuses the second tab in a row. In a
 * document that begins with a bracket each tab becomes a space, except inside double quotes; no place moves.
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
                case '\\' -> i += quoted ? 1 : 0; // an escaped quote does not end the text
                case '\t' -> spaces.setCharAt(i, quoted ? '\t' : ' ');
                default -> {}
            }
        }
        return spaces.toString();
    }
}
