/**
 * What hostile clients try, against a node of its own process with a small heap: hundreds at once,
 * while one client that does nothing wrong goes on. The bounds are those of docs/security.md.
 */
@NullMarked
package io.tidegate.gateway.abuse;

import org.jspecify.annotations.NullMarked;
