/** Health and metrics for operators, on the ops port. Handlers run on the verticle's event loop. */
@NullMarked
@CheckReturnValue
package io.tidegate.gateway.ops;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
