/** The endpoints of the service: what requests ask of crawls, and the documents that answer. */
@NullMarked
package fanout.app.service.api;

import org.jspecify.annotations.NullMarked;
