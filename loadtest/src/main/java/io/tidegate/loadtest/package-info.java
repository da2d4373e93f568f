/**
 * Load scenarios against a running gateway, written from the documents alone: the command line, the
 * scenarios, and the publishers. Clients live on Netty event loops, publishers on one of their own,
 * and each counts for itself; the main thread waits and adds up. Sees the packages below it.
 */
@NullMarked
@CheckReturnValue
package io.tidegate.loadtest;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
