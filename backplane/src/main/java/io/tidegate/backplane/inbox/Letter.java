package io.tidegate.backplane.inbox;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.ServiceMessage;

/**
 * A message in an inbox.
 *
 * @param replyTo id of the node that waits for the answer; empty when none does
 */
public record Letter(ServiceMessage message, String replyTo) {
  public Letter {
    requireNonNull(message, "message");
    requireNonNull(replyTo, "replyTo");
  }

  int bytes() {
    return message.bytes() + replyTo.length();
  }
}
