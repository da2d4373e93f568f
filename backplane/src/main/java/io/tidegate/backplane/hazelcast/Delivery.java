package io.tidegate.backplane.hazelcast;

import java.util.List;

/** Events of one channel on their way to an interested node. */
record Delivery(String channel, String epoch, List<Event> events) {
  Delivery {
    events = List.copyOf(events);
  }

  int bytes() {
    int bytes = 64;
    for (Event event : events) {
      bytes += event.bytes();
    }
    return bytes;
  }
}
