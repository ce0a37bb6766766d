/** Libraries that only some crawls need. */
@NullMarked
package fanout.app.extension;

import org.jspecify.annotations.NullMarked;
