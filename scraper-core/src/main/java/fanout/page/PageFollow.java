package fanout.page;

import java.util.List;

/**
 * What one entry of a job's {@code follow} picked in a page, for authors of jobs who ask why a link is missing.
 * Immutable.
 *
 * @param entry its selector, as in {@code json /next}
 * @param matches what the selector picked and the entry's include and exclude leave; null in JSON is nothing
 * @param links matches that are http or https URLs, whatever becomes of them
 * @param reasons why the other matches are no links, or why there is no match, and what the entry names that the page
 *     does not have; each once
 */
public record PageFollow(String entry, int matches, int links, List<String> reasons) {

    public PageFollow {
        reasons = List.copyOf(reasons);
    }
}
