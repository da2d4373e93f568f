package io.tidegate.gateway.session;

import io.tidegate.gateway.metrics.Metrics;

/**
 * What one event loop delivers in one protocol between two ticks, so that a delivery costs two
 * additions and no atomic operation. Confined to the loop.
 */
final class DeliveryCounter {
  private final Metrics.Delivered sink;
  private long messages;
  private long bytes;

  DeliveryCounter(Metrics.Delivered sink) {
    this.sink = sink;
  }

  void add(int count, int size) {
    messages += count;
    bytes += size;
  }

  void report() {
    if (messages > 0) {
      sink.add(messages, bytes);
      messages = 0;
      bytes = 0;
    }
  }
}
