package fanout.survivors;

import fanout.survivors.PitMutant.Survivor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Why mutants survive, as {@code src/test/mutations/survivors.txt} says it: a method, a line of it, what PIT changes in
 * the line, and the reason.
 */
record Reasons(Map<Survivor, String> of) {

    static Reasons read(List<String> lines) {
        Map<Survivor, String> reasons = new LinkedHashMap<>();
        List<Survivor> open = new ArrayList<>();
        String method = "";
        String code = "";
        for (String line : lines) {
            String rest = line.isEmpty() ? "" : line.substring(1).strip();
            if (line.startsWith("#")) {
                method = rest;
            } else if (line.startsWith(">")) {
                code = rest;
            } else if (line.startsWith("-")) {
                open.add(new Survivor(method, code, rest));
            } else if (!line.isBlank()) {
                if (open.isEmpty()) {
                    throw new IllegalArgumentException("a reason for nothing: " + line);
                }
                for (Survivor survivor : open) {
                    if (reasons.put(survivor, line.strip()) != null) {
                        throw new IllegalArgumentException("two reasons for one:\n" + survivor);
                    }
                }
                open.clear();
            }
        }
        if (!open.isEmpty()) {
            throw new IllegalArgumentException("no reason for\n" + open.getFirst());
        }
        return new Reasons(reasons);
    }
}
