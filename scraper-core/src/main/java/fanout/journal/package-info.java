/** What is settled, in order, in a file, from which a killed crawl resumes. */
@NullMarked
package fanout.journal;

import org.jspecify.annotations.NullMarked;
