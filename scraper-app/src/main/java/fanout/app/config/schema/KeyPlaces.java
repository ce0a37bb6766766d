package fanout.app.config.schema;

import java.util.ArrayList;
import java.util.List;

/** Where a key belongs that was written elsewhere. */
final class KeyPlaces {

    private KeyPlaces() {}

    /** The top level's sections that know the key, each as "in" its name, or "at the top level" for that itself. */
    static List<String> with(String key) {
        SchemaNode job = JobSchema.job();
        List<String> found = new ArrayList<>();
        if (job.keys().contains(key)) {
            found.add("at the top level");
        }
        for (String section : job.keys()) {
            if (job.property(section).orElseThrow().keys().contains(key)) {
                found.add("in \"" + section + "\"");
            }
        }
        return found;
    }
}
