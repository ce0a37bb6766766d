/**
 * What a page says, for people and for language models: plain text by its blocks, Markdown, and the main content of a
 * page. It reads jsoup's tree and changes nothing in it.
 */
@Internal
@NullMarked
package fanout.internal.text;

import fanout.internal.annotation.Internal;
import org.jspecify.annotations.NullMarked;
