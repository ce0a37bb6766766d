/** What the tests of all modules share and no module ships. */
@NullMarked
package fanout.tests;

import org.jspecify.annotations.NullMarked;
