/**
 * Who may: tokens to identities, origins, and what a namespace allows to whom. Immutable,
 * thread-safe. Sees protocol and metrics only.
 */
@NullMarked
@CheckReturnValue
package io.tidegate.gateway.auth;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
