package io.tidegate.gateway.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpResponseStatus;

/** An HTTP/1.1 response that a node writes by itself. Not thread-safe. */
public final class HttpAnswer {
  private final StringBuilder text = new StringBuilder(256);
  private String body = "";

  /** Begins an answer with a status such as 426. */
  public HttpAnswer(int status) {
    text.append("HTTP/1.1 ").append(HttpResponseStatus.valueOf(status)).append("\r\n");
  }

  /** Adds a header field; neither part may hold anything that a client chose. */
  @CanIgnoreReturnValue
  public HttpAnswer header(String name, String value) {
    text.append(name).append(": ").append(value).append("\r\n");
    return this;
  }

  /** Sets the body. */
  @CanIgnoreReturnValue
  public HttpAnswer json(String json) {
    body = json;
    return header("Content-Type", "application/json")
        .header("Content-Length", Integer.toString(json.getBytes(UTF_8).length));
  }

  /** Says how long the body would be, and leaves it out: the answer to a HEAD. */
  public HttpAnswer withoutBody() {
    body = "";
    return this;
  }

  ByteBuf encode(ByteBufAllocator allocator) {
    return ByteBufUtil.writeUtf8(allocator, text + "\r\n" + body);
  }
}
