/** The service: its parts, and the order in which they open and close. */
@NullMarked
package fanout.app.service;

import org.jspecify.annotations.NullMarked;
