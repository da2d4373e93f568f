/**
 * What the command {@code dev} keeps on disk: a certificate, secrets, and the configuration made of
 * them. Blocks; used by the thread of main before the node starts. Sees no other package.
 */
@NullMarked
@CheckReturnValue
package io.tidegate.gateway.dev;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
