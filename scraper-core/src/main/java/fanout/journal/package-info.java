/** What is settled, in order, in a file: from it a crawl that was killed goes on. */
@NullMarked
package fanout.journal;

import org.jspecify.annotations.NullMarked;
