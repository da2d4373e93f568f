package io.tidegate.backplane.inbox;

/** Where a letter stands with a group. */
public enum Standing {
  HANDED_OUT,
  GIVEN_BACK,
  ACKNOWLEDGED
}
