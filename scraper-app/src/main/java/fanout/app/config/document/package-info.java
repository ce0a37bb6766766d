/** A YAML or JSON document with the place of every node, and the problems found in it. */
@NullMarked
package fanout.app.config.document;

import org.jspecify.annotations.NullMarked;
