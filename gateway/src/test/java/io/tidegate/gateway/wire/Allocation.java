package io.tidegate.gateway.wire;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tidegate.gateway.protocol.CloseCode;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bytes of the heap that a decoder allocates between two events. */
final class Allocation implements FrameDecoder.Sink {
  private static final ThreadMXBean THREADS =
      ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

  private long last = THREADS.getCurrentThreadAllocatedBytes();
  private long most;

  private Allocation() {}

  /** For the one of all messages in {@code pieces}, complete or not, that took most. */
  static long ofOneMessage(
      List<byte[]> pieces, int maxPayload, int maxFragments, @Nullable Inflaters inflaters) {
    List<ByteBuf> fed = pieces.stream().map(Unpooled::wrappedBuffer).toList();
    var allocation = new Allocation();
    var decoder = new FrameDecoder(maxPayload, maxFragments, inflaters, allocation);
    for (ByteBuf piece : fed) {
      decoder.decode(piece);
    }
    allocation.measure();
    decoder.end();
    return allocation.most;
  }

  private void measure() {
    long now = THREADS.getCurrentThreadAllocatedBytes();
    most = Math.max(most, now - last);
    last = now;
  }

  @Override
  public void message(byte[] message, boolean text) {
    measure();
  }

  @Override
  public void ping(byte[] payload) {
    measure();
  }

  @Override
  public void pong(byte[] payload) {
    measure();
  }

  @Override
  public void closed(int code) {
    measure();
  }

  @Override
  public void violated(CloseCode code, String problem) {
    measure();
  }
}
