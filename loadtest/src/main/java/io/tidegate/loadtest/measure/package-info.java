/**
 * What is counted and how. Ledgers and tallies belong to one event loop each; everything else is
 * used by the main thread. Sees no other package.
 */
@NullMarked
@CheckReturnValue
package io.tidegate.loadtest.measure;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
