/**
 * Every metric of a node, by name, in one place. Thread-safe. Sees the backplane API and no other
 * package of the gateway.
 */
@NullMarked
@CheckReturnValue
package io.tidegate.gateway.metrics;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
