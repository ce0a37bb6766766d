package fanout.hostile;

import java.util.List;
import java.util.stream.Stream;

/** All there are, in the order of their addresses. */
final class Cases {

    private Cases() {}

    static List<HostileCase> all() {
        return Stream
                .of(Connections.all(), Framing.all(), Heads.all(), EncodingCases.all(), RedirectCases.all(),
                        Charsets.all(),
                        Markup.all(), Statuses.all(), RobotsFiles.all(), Sitemaps.all(), Untouchables.all())
                .flatMap(List::stream)
                .toList();
    }
}
