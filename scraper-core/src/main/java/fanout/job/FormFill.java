package fanout.job;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a form is filled in and sent. Immutable.
 *
 * @param form picks the form; the first one that it picks counts
 * @param fields the values of fields by their names, in the order in which they are added where the form has no field
 *     of the name. They replace all that the form itself would send by that name; no value sends nothing by it
 * @param submit picks the button that is pressed; empty: the first submit button of the form that is not disabled, as
 *     the Enter key does
 */
public record FormFill(Selector.Css form, Map<String, List<String>> fields, Optional<Selector.Css> submit) {

    public FormFill {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        fields.forEach((name, values) -> {
            Require.check(!name.isEmpty(), "fields", "has a name that is empty");
            copy.put(name, List.copyOf(values));
        });
        fields = Collections.unmodifiableMap(copy);
    }
}
