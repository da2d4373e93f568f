package io.tidegate.backplane.inbox;

/** What a group did with a letter. */
public record Mark(
    Standing standing, int attempt, String node, String consumer, long number, long untilMillis) {
  Mark as(Standing changed, long until) {
    return new Mark(changed, attempt, node, consumer, number, until);
  }
}
