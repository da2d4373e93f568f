/** The public port: TLS, upgrade, admission, drain. Confined to the event loop of each verticle. */
@NullMarked
@CheckReturnValue
package io.tidegate.gateway.edge;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
