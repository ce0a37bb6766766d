package fanout.job;

import java.util.Optional;

/**
 * Links to follow.
 *
 * @param attr the attribute that holds the link
 * @param label the label of the pages that the link leads to
 */
public record FollowRule(Selector selector, String attr, Optional<String> label) {

    public FollowRule {
        Require.check(!attr.isBlank(), "follow.attr", "must not be blank");
    }
}
