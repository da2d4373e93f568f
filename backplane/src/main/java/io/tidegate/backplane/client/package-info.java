/**
 * What a backend service links: {@link io.tidegate.backplane.client.BackplaneClient} over a node in
 * service mode, which the implementations' packages make. Sees the API only. Everything here is
 * immutable or thread-safe, but for {@code Question}.
 */
@NullMarked
@CheckReturnValue
package io.tidegate.backplane.client;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
