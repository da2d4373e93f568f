/**
 * The server API on the internal port, for backend services. Handlers run on the verticle's event
 * loop.
 */
@NullMarked
@CheckReturnValue
package io.tidegate.gateway.api;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
