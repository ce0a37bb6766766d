package fanout.app.config;

import fanout.app.config.document.DocumentPosition;
import fanout.app.config.document.Setting;
import fanout.app.config.document.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the command line sets over a job file. Immutable.
 *
 * @param sets each {@code key.path=value}; later ones win
 * @param files output names ({@code pages}, {@code items}, {@code report}) with their paths; these win over all
 */
public record JobOverrides(List<String> sets, Map<String, String> files) {

    /** Leaves the file as it is. */
    public static final JobOverrides NONE = new JobOverrides(List.of(), Map.of());

    public JobOverrides {
        sets = List.copyOf(sets);
        files = Map.copyOf(files);
    }

    List<Setting> outputs() {
        List<Setting> settings = new ArrayList<>();
        files.forEach((name, path) -> {
            DocumentPosition at = new DocumentPosition("--" + name + " " + path, 0, 0);
            settings.add(new Setting(at, List.of("output", name), new YamlNode.Scalar(at, path, false)));
        });
        return settings;
    }
}
