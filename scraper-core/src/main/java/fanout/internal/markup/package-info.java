/**
 * What is asked of a page's markup: a reader that goes through it once, without a tree, and XPath 1.0 over jsoup's
 * tree, with an evaluator that ends when the parse is to end.
 */
@Internal
@NullMarked
package fanout.internal.markup;

import fanout.internal.annotation.Internal;
import org.jspecify.annotations.NullMarked;
