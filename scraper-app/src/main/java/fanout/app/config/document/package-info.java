/** A YAML or JSON document that knows where everything stands, and the problems that are found in it. */
@NullMarked
package fanout.app.config.document;

import org.jspecify.annotations.NullMarked;
