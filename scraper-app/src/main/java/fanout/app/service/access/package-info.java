/** Who may use the service: tokens, sessions, and the names and pages that requests may come by. */
@NullMarked
package fanout.app.service.access;

import org.jspecify.annotations.NullMarked;
