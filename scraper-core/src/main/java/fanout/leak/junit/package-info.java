/** The leak check on every test; the only package that needs JUnit, which its users have. */
@NullMarked
package fanout.leak.junit;

import org.jspecify.annotations.NullMarked;
