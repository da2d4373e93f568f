package io.tidegate.gateway.wire;

import io.netty.channel.unix.Errors.NativeIoException;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.transport.Transport;
import java.net.BindException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** By which of the system's interfaces a node's sockets are read and written. */
public enum SocketTransport {
  /** Epoll where there is one, NIO otherwise. */
  AUTO,
  /** Linux, by a native library. */
  EPOLL,
  /** What the JDK has; everywhere. */
  NIO,
  /** Linux since 5.14, by a native library, where the system does not forbid it to containers. */
  IO_URING;

  private static final Logger log = LoggerFactory.getLogger(SocketTransport.class);

  /**
   * For a Vert.x that is to have a {@link PublicPort}.
   *
   * @throws IllegalArgumentException where this machine does not have it
   */
  public Transport gated() {
    return new GatedTransport(find());
  }

  private Transport find() {
    return switch (this) {
      case AUTO -> epollOrNio();
      case EPOLL -> required(Transport.EPOLL);
      case NIO -> Transport.NIO;
      case IO_URING -> required(Transport.IO_URING);
    };
  }

  /** What carries the sockets of {@code vertx}: the name in logs and metrics. */
  public static String nameOf(Vertx vertx) {
    return ((VertxInternal) vertx).transport() instanceof GatedTransport gated
        ? gated.name()
        : Transport.NIO.name();
  }

  /** Whether listening failed because of the address; by whichever interface. */
  public static boolean isBindFailure(Throwable failure) {
    return failure instanceof BindException || failure instanceof NativeIoException;
  }

  private static Transport epollOrNio() {
    Transport epoll = Transport.EPOLL;
    if (epoll != null && epoll.available()) {
      return epoll;
    }
    log.info("transport=nio because epoll cannot be had: {}", problem(epoll));
    return Transport.NIO;
  }

  private Transport required(@Nullable Transport transport) {
    if (transport != null && transport.available()) {
      return transport;
    }
    throw new IllegalArgumentException(
        "listen.transport: "
            + name().toLowerCase(Locale.ROOT)
            + " (expected: auto or nio on this machine; "
            + problem(transport)
            + ")");
  }

  private static String problem(@Nullable Transport transport) {
    return Natives.problem(transport == null ? null : transport.unavailabilityCause());
  }
}
