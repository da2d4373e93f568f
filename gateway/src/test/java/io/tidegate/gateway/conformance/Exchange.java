package io.tidegate.gateway.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Requests and the answer on one socket, up to the 101 or the refusal. */
final class Exchange implements AutoCloseable {
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) [ -~]*");
  private static final Pattern HEADER = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):(.*)");

  private final Socket socket;
  private final InputStream in;
  private final List<String> headers = new ArrayList<>();
  private int status;

  private Exchange(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  static Exchange begin(Socket socket) throws IOException {
    return new Exchange(socket);
  }

  Exchange send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /** Each byte by itself. */
  Exchange sendSlowly(byte[] bytes) throws IOException {
    for (byte b : bytes) {
      send(new byte[] {b});
    }
    return this;
  }

  /** Reads the answer, which has to have this status. */
  Exchange status(int expected) throws IOException {
    read();
    assertThat(status).as("status, with %s", headers).isEqualTo(expected);
    return this;
  }

  /** The answer has this header exactly once, with this value. */
  Exchange header(String name, String value) {
    assertThat(values(name)).as(name).containsExactly(value);
    return this;
  }

  /** The answer upgrades to websocket, in whatever letters (section 4.1). */
  Exchange upgrades() {
    assertThat(values("upgrade")).as("upgrade").hasSize(1);
    assertThat(values("upgrade").get(0)).as("upgrade").isEqualToIgnoringCase("websocket");
    assertThat(values("connection")).as("connection").hasSize(1);
    assertThat(values("connection").get(0)).as("connection").isEqualToIgnoringCase("upgrade");
    return this;
  }

  Exchange noHeader(String name) {
    assertThat(values(name)).as(name).isEmpty();
    return this;
  }

  /** The refusal is whole, and the server closes after it. */
  void refused() throws IOException {
    List<String> length = values("content-length");
    assertThat(length).as("content-length").hasSize(1);
    int bytes = Integer.parseInt(length.get(0));
    assertThat(in.readNBytes(bytes)).as("body").hasSize(bytes);
    assertThat(in.read()).as("end after the refusal").isEqualTo(-1);
    close();
  }

  /** The answer is a 101, and frames follow. */
  Peer upgraded() throws IOException {
    status(101);
    upgrades();
    header("sec-websocket-accept", Request.ACCEPT);
    return new Peer(socket, in, !values("sec-websocket-extensions").isEmpty());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void read() throws IOException {
    if (status != 0) {
      return;
    }
    String line = line();
    Matcher first = STATUS.matcher(line);
    assertThat(first.matches()).as("status line '%s'", line).isTrue();
    status = Integer.parseInt(first.group(1));
    for (String next = line(); !next.isEmpty(); next = line()) {
      assertThat(HEADER.matcher(next).matches()).as("header '%s'", next).isTrue();
      headers.add(next);
    }
  }

  private List<String> values(String name) {
    return headers.stream()
        .filter(header -> header.substring(0, header.indexOf(':')).equalsIgnoreCase(name))
        .map(header -> header.substring(header.indexOf(':') + 1).strip())
        .toList();
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the server closed after '" + line + "'");
      }
      line.append(new String(new byte[] {(byte) next}, ISO_8859_1));
    }
    assertThat(line).as("line").endsWith("\r");
    return line.substring(0, line.length() - 1);
  }
}
