package io.tidegate.gateway.ops;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether the node wants clients, and if not, why. Thread-safe.
 *
 * <p>A store that is down for all nodes is no reason: taking every node out of the balancer would
 * help nobody.
 */
public final class Readiness {
  /** What has to hold; the lower-case name stands in the answer of {@code /ready}. */
  public enum Check {
    /** Every part of the node is started. */
    STARTED("starting"),
    /** The node has joined its backplane. */
    BACKPLANE("not joined yet"),
    /** The node hears what it publishes; see {@link Canary}. */
    CANARY("nothing heard yet"),
    /** The node is not stopping. */
    DRAINING(null);

    private final @Nullable String initialFault;

    Check(@Nullable String initialFault) {
      this.initialFault = initialFault;
    }

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private volatile Map<Check, String> faults;

  public Readiness() {
    var initial = new EnumMap<Check, String>(Check.class);
    for (Check check : Check.values()) {
      if (check.initialFault != null) {
        initial.put(check, check.initialFault);
      }
    }
    this.faults = Collections.unmodifiableMap(initial);
  }

  public void pass(Check check) {
    set(check, null);
  }

  /** {@code fault} is shown to operators; short, without secrets. */
  public void fail(Check check, String fault) {
    set(check, requireNonNull(fault, "fault"));
  }

  /** The checks that do not hold, with what is wrong; empty when the node is ready. */
  public Map<Check, String> faults() {
    return faults;
  }

  private synchronized void set(Check check, @Nullable String fault) {
    var next = new EnumMap<Check, String>(Check.class);
    next.putAll(faults);
    if (fault == null) {
      next.remove(check);
    } else {
      next.put(check, fault);
    }
    faults = Collections.unmodifiableMap(next);
  }
}
