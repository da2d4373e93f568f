/** Fails a run of tests that left a buffer unreleased. */
@NullMarked
package io.tidegate.gateway.leaks;

import org.jspecify.annotations.NullMarked;
