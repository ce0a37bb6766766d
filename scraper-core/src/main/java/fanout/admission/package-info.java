/** Which URLs a crawl admits, and how many: scope, deduplication, page budget, request rate. */
@Internal
@NullMarked
package fanout.admission;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
