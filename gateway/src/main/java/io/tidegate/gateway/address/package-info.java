/**
 * Where a client is: networks, and what proxies tell of the clients behind them. Immutable. Sees no
 * other package.
 */
@NullMarked
@CheckReturnValue
package io.tidegate.gateway.address;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
