package io.tidegate.backplane.client;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPosition;
import java.util.List;

/**
 * What was read of a channel's history. Where some of what was asked for is not kept any more, the
 * publications begin with what is: compare the first offset.
 *
 * @param top the stream's last position at that moment
 * @param publications in the order asked for
 */
public record ChannelHistory(StreamPosition top, List<Publication> publications) {
  public ChannelHistory {
    requireNonNull(top, "top");
    publications = List.copyOf(publications);
  }
}
