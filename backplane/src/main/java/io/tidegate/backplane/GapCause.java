package io.tidegate.backplane;

/** Why a listener may have missed publications of a channel. Metric label: the lower-case name. */
public enum GapCause {
  /** The stream forked: another copy of the data took over (see {@link Backplane}, promise 7). */
  FORK,
  /** Publications were lost on the way and the history no longer holds them. */
  TRIMMED,
  /** A bounded queue on the way was full and the history no longer holds what it dropped. */
  OVERLOAD,
  /** The stream is not there any more: lost by the store, expired or removed by force. */
  LOST
}
