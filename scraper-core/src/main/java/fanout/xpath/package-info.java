/** XPath 1.0 over jsoup's nodes, with an evaluator that ends when the parse is to end. */
@NullMarked
@Internal
package fanout.xpath;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
