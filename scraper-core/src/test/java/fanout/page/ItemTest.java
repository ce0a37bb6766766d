package fanout.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.url.CanonicalUrl;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An extractor may go on to change what it made an item of. */
class ItemTest {

    private static final CanonicalUrl URL = CanonicalUrl.of("http://example.org/");

    @Test
    void nothingThatItsMakerChangesAfterwardsIsSeen() {
        List<String> tags = new ArrayList<>(Arrays.asList("a", null));
        Map<String, Object> fields = new HashMap<>(Map.of("tags", tags));
        Item item = Item.of(URL, "rule", fields);

        tags.clear();
        fields.clear();

        assertThat(item.fields()).containsOnlyKeys("tags").containsValue(Arrays.asList("a", null));
    }

    @Test
    void objectsAndListsInsideAreCopiedToo() {
        List<Object> inner = new ArrayList<>(List.of("a"));
        Map<String, Object> object = new HashMap<>(Map.of("inner", inner));
        Item item = Item.of(URL, "rule", Map.of("objects", List.of(object)));

        inner.clear();
        object.clear();

        assertThat(item.fields()).containsEntry("objects", List.of(Map.of("inner", List.of("a"))));
        Map<?, ?> kept = (Map<?, ?>) ((List<?>) item.fields().get("objects")).getFirst();
        assertThatThrownBy(kept::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> ((List<?>) kept.get("inner")).clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void itCannotBeChanged() {
        Item item = Item.of(URL, "rule", Map.of("tags", new ArrayList<>(List.of("a"))));

        assertThatThrownBy(() -> ((List<?>) item.fields().get("tags")).clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
