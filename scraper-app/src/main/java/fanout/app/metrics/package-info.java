/** Meters of the process and of the service, and how several registries are scraped as one. */
@NullMarked
package fanout.app.metrics;

import org.jspecify.annotations.NullMarked;
