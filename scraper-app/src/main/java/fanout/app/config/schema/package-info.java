/** The JSON Schema of a job: the one source of its keys, types, limits, defaults and their documentation. */
@NullMarked
package fanout.app.config.schema;

import org.jspecify.annotations.NullMarked;
