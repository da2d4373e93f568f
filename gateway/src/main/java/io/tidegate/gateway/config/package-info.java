/**
 * Configuration: one tree of keys with defaults and texts, read from YAML and the environment, all
 * problems at once. Used at start only.
 */
@NullMarked
@CheckReturnValue
package io.tidegate.gateway.config;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
