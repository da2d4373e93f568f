/**
 * The node as its users get it: the packaged jar, started by its launcher as processes of its own,
 * and seen through its ports only.
 */
@NullMarked
package io.tidegate.gateway.it;

import org.jspecify.annotations.NullMarked;
