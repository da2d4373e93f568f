package io.tidegate.backplane;

/** What an implementation reports of itself. Called from any thread; never blocks, never throws. */
public interface BackplaneMetrics {
  BackplaneMetrics NONE = new BackplaneMetrics() {};

  /** The link to the store came up or went down. */
  default void up(boolean up) {}

  default void reconnected() {}

  /** Publications handed to this node's listener. */
  default void received(int publications) {}

  /** Publications that missed their way and were fetched from history instead. */
  default void refilled(int publications) {}

  default void gap(GapCause cause) {}

  /** A stream forked under this node's hands; {@code cause}: promoted, merged or restarted. */
  default void forked(String cause) {}

  /** Presence entries that this node removed in another node's name. */
  default void reaped(int entries) {}

  /** Presence entries that this node holds now. */
  default void presenceMembers(int members) {}
}
