package fanout.app.config;

import fanout.app.config.document.YamlNode;
import fanout.job.SecretText;
import fanout.job.Secrets;
import fanout.job.Secrets.Secret;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Finds the secrets to which a document refers. */
final class SecretNames {

    private SecretNames() {}

    /**
     * Returns the secrets to which a document refers.
     *
     * @param secrets gives one by its name, which was checked
     */
    static Secrets in(YamlNode.Mapping document, Function<String, Secret> secrets) {
        Set<String> names = new TreeSet<>();
        document.map(scalar -> {
            if (scalar.refers()) {
                names.addAll(new SecretText(scalar.text()).names());
            }
            return scalar;
        });
        Map<String, Secret> found = new TreeMap<>();
        names.forEach(name -> found.put(name, secrets.apply(name)));
        return found.isEmpty() ? Secrets.NONE : new Secrets(found);
    }
}
