package io.tidegate.backplane.hazelcast;

import java.util.List;

/**
 * What a backup has to follow: edits on top of {@code before}, and the counts that hold before
 * them. A backup that is not at {@code before} missed something.
 *
 * @param lineage the lineage before the edits
 * @param term the owner's term
 */
record Change(
    long before,
    Lineage lineage,
    long offset,
    long moves,
    long term,
    long atMillis,
    List<Edit> edits) {
  Change {
    edits = List.copyOf(edits);
  }
}
