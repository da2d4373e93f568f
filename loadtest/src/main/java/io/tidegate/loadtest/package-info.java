/**
 * Load scenarios against a running gateway, written from the documents alone. Subscribers live on
 * Netty event loops, the publisher on a thread of its own, and each counts for itself; the main
 * thread adds up. Sees no other module.
 */
@NullMarked
@CheckReturnValue
package io.tidegate.loadtest;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
