package fanout.job;

import java.util.Optional;

/**
 * Links to follow.
 *
 * @param attr the attribute that holds the link; where the selector picks JSON objects, the member, by its name or by a
 *     pointer
 * @param label the label of the pages that the link leads to
 */
public record FollowRule(Selector selector, String attr, Optional<String> label) {

    public FollowRule {
        Require.check(!attr.isBlank(), "follow.attr", "must not be blank");
    }
}
