/**
 * The node: {@link io.tidegate.gateway.Main} is the command line, Gateway puts the parts together,
 * Backplanes alone names an implementation of the backplane. Sees everything; nothing sees it.
 */
@NullMarked
@CheckReturnValue
package io.tidegate.gateway;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
