import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the kernel alone asks for a fan-out: so many bytes to each of many connections in turn, one
 * system call each, and the next round when all of it was read. No gateway that gives each subscriber
 * a message of its own costs less. Run by send-floor, which has a core for each of the two processes.
 *
 * <p>Arguments: {@code send CONNECTIONS BYTES SECONDS} prints its port, then what a send cost;
 * {@code receive CONNECTIONS BYTES PORT} ends when the sender does.
 */
final class SendFloor {
  private SendFloor() {}

  public static void main(String[] arguments) throws IOException {
    int connections = Integer.parseInt(arguments[1]);
    int bytes = Integer.parseInt(arguments[2]);
    int last = Integer.parseInt(arguments[3]);
    if (arguments[0].equals("send")) {
      send(connections, bytes, last);
    } else {
      receive(connections, bytes, last);
    }
  }

  private static void send(int connections, int bytes, int seconds) throws IOException {
    List<SocketChannel> sockets = new ArrayList<>();
    SocketChannel told;
    try (var listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
      System.out.println(listener.socket().getLocalPort());
      // The first connection is the one by which the receiver tells that it has read a round.
      told = listener.accept();
      while (sockets.size() < connections) {
        SocketChannel socket = listener.accept();
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        sockets.add(socket);
      }
    }
    var message = ByteBuffer.allocateDirect(bytes);
    rounds(sockets, message, told, seconds);
    long cpu = cpuNanos();
    long sent = rounds(sockets, message, told, seconds);
    cpu = cpuNanos() - cpu;
    System.out.printf(Locale.ROOT, "%.2f%n", cpu / 1e3 / sent);
  }

  private static long rounds(
      List<SocketChannel> sockets, ByteBuffer message, SocketChannel told, int seconds)
      throws IOException {
    var answer = ByteBuffer.allocateDirect(1);
    long sent = 0;
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    while (System.nanoTime() < end) {
      for (SocketChannel socket : sockets) {
        socket.write(message.rewind());
      }
      sent += sockets.size();
      if (told.read(answer.rewind()) < 0) {
        throw new IOException("the receiver has ended");
      }
    }
    return sent;
  }

  private static void receive(int connections, int bytes, int port) throws IOException {
    var to = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    var buffer = ByteBuffer.allocateDirect(64 << 10);
    try (var selector = Selector.open();
        SocketChannel tell = SocketChannel.open(to)) {
      for (int i = 0; i < connections; i++) {
        SocketChannel socket = SocketChannel.open(to);
        socket.configureBlocking(false);
        socket.register(selector, SelectionKey.OP_READ);
      }
      long round = (long) connections * bytes;
      long missing = round;
      while (true) {
        selector.select();
        for (SelectionKey key : selector.selectedKeys()) {
          int read = ((SocketChannel) key.channel()).read(buffer.clear());
          if (read < 0) {
            return;
          }
          missing -= read;
        }
        selector.selectedKeys().clear();
        if (missing == 0) {
          missing = round;
          tell.write(buffer.clear().limit(1));
        }
      }
    }
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean)
            ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
