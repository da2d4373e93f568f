/**
 * Client protocols: bytes to commands, replies and pushes to bytes, and the closed tables of codes.
 * Everything is immutable or stateless, so thread-safe. Sees the backplane API only.
 */
@NullMarked
@CheckReturnValue
package io.tidegate.gateway.protocol;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
