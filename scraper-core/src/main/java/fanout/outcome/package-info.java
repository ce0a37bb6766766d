/** The outcomes of URLs and the reasons for them, the stages of a visit, and who is told. */
@NullMarked
package fanout.outcome;

import org.jspecify.annotations.NullMarked;
