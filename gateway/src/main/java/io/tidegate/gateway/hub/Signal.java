package io.tidegate.gateway.hub;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.GapCause;
import io.tidegate.backplane.StreamPosition;

/** What the hub tells a loop about one of its channels, in channel order. */
sealed interface Signal {
  /** The node hears the channel: everything above {@code position} follows. */
  record Entered(StreamPosition position) implements Signal {}

  /** The node could not join the channel. */
  record Refused(BackplaneException cause) implements Signal {}

  /** Something happened. */
  record Happened(String epoch, ChannelEvent event) implements Signal {}

  /** The stream goes on from {@code resumed}; something before it may be missing. */
  record Discontinued(StreamPosition resumed, GapCause cause) implements Signal {}

  /** Joins or leaves were missed, publications were not. */
  enum Presence implements Signal {
    RESET
  }
}
