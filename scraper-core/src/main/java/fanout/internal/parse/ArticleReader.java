package fanout.internal.parse;

import fanout.job.Field;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a part of the article of a page. Immutable. */
record ArticleReader(Field.ArticlePart part) {

    @Nullable
    Object read(QueryScope scope, Visit visit, String path) {
        Optional<String> text = scope.article(visit).part(part, visit.textView());
        if (text.isEmpty()) {
            visit.misses().missing(path, new Conversion.Miss(missing()));
            return null;
        }
        visit.budget().value(text.get());
        return text.get();
    }

    private String missing() {
        return switch (part) {
            case TITLE -> "the page has neither headline, h1 nor title";
            case TEXT, MARKDOWN -> "the page has no text";
            case BYLINE -> "the page names no author: neither in JSON-LD or meta, nor by rel=author or class byline";
            case PUBLISHED -> "the page has no date of publication: neither in JSON-LD or meta, nor as a time element";
        };
    }
}
