/**
 * What came of a run: as text, JSON, a page with plots, and as a verdict. Immutable; used by the
 * main thread. Sees {@code measure} only.
 */
@NullMarked
@CheckReturnValue
package io.tidegate.loadtest.report;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
