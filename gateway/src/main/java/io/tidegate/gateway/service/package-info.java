/**
 * Where client messages go: routes of methods, and services behind HTTP or behind an inbox of the
 * backplane. Everything is thread-safe and called on event loops; a future completes on the context
 * it was asked on. Sees protocol, metrics and the backplane's API.
 */
@NullMarked
@CheckReturnValue
package io.tidegate.gateway.service;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
