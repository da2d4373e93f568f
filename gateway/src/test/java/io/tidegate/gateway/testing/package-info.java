/**
 * What tests of several packages share: a node in this process, and a client of another library.
 */
@NullMarked
package io.tidegate.gateway.testing;

import org.jspecify.annotations.NullMarked;
