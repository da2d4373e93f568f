package io.tidegate.gateway.wire;

import io.tidegate.gateway.protocol.CloseCode;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * RFC 6455 section 5 a second time, as slow and plain as can be: all bytes at once, without
 * compression, in the order in which the section tells the rules.
 */
final class ReferenceFrames {
  private static final class Broken extends Exception {
    private static final long serialVersionUID = 1L;
    private final CloseCode code;

    Broken(CloseCode code) {
      this.code = code;
    }
  }

  private static final class CutOff extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private final byte[] bytes;
  private final int maxPayload;
  private final int maxFragments;
  private final List<String> events = new ArrayList<>();
  private final ByteArrayOutputStream message = new ByteArrayOutputStream();
  private int fragments;
  private boolean text;
  private boolean over;
  private int at;

  private ReferenceFrames(byte[] bytes, int maxPayload, int maxFragments) {
    this.bytes = bytes;
    this.maxPayload = maxPayload;
    this.maxFragments = maxFragments;
  }

  /** What is to be {@link Heard} of {@code bytes}. */
  static List<String> of(byte[] bytes, int maxPayload, int maxFragments) {
    var reading = new ReferenceFrames(bytes, maxPayload, maxFragments);
    try {
      while (!reading.over) {
        reading.frame();
      }
    } catch (Broken e) {
      reading.events.add(Heard.violationOf(e.code));
    } catch (CutOff e) {
      // The rest would come later.
    }
    return reading.events;
  }

  private void frame() throws Broken, CutOff {
    int first = next();
    boolean fin = first >= 0x80;
    int opcode = first & 0xf;
    require((first & 0x70) == 0);
    require(opcode <= 2 || (opcode >= 8 && opcode <= 10));
    boolean control = opcode >= 8;
    if (control) {
      require(fin);
    } else {
      require((opcode == 0) == (fragments > 0));
      if (fragments == 0) {
        text = opcode == 1;
        message.reset();
      }
      if (++fragments > maxFragments) {
        throw new Broken(CloseCode.TOO_MANY_FRAGMENTS);
      }
    }
    int second = next();
    require(second >= 0x80);
    int length = length(second & 0x7f, control);
    byte[] mask = {(byte) next(), (byte) next(), (byte) next(), (byte) next()};
    int there = Math.min(length, bytes.length - at);
    byte[] payload = Arrays.copyOfRange(bytes, at, at + there);
    for (int i = 0; i < there; i++) {
      payload[i] ^= mask[i % 4];
    }
    at += there;
    if (control) {
      complete(there == length);
      controlled(opcode, payload);
    } else {
      message.write(payload, 0, there);
      data(fin, there == length);
    }
  }

  private int length(int announced, boolean control) throws Broken, CutOff {
    require(!control || announced <= 125);
    long length = announced;
    if (announced == 126) {
      length = 256L * next() + next();
      require(length > 125);
    } else if (announced == 127) {
      length = next();
      require(length < 0x80);
      for (int i = 1; i < 8; i++) {
        length = length << 8 | next();
      }
      require(length > 0xffff);
    }
    if (!control && length > maxPayload - message.size()) {
      throw new Broken(CloseCode.MESSAGE_TOO_BIG);
    }
    return (int) length;
  }

  private void data(boolean fin, boolean whole) throws Broken, CutOff {
    byte[] soFar = message.toByteArray();
    if (text && !isText(soFar, 0, fin && whole)) {
      throw new Broken(CloseCode.INVALID_DATA);
    }
    complete(whole);
    if (fin) {
      events.add(Heard.messageOf(soFar, text));
      fragments = 0;
      message.reset();
    }
  }

  private void controlled(int opcode, byte[] payload) throws Broken {
    if (opcode == 9) {
      events.add(Heard.pingOf(payload));
    } else if (opcode == 10) {
      events.add(Heard.pongOf(payload));
    } else {
      require(payload.length != 1);
      int code = FrameDecoder.NO_CODE;
      if (payload.length > 1) {
        code = (payload[0] & 0xff) * 256 + (payload[1] & 0xff);
        require(code >= 1000 && code <= 4999);
        require(code != 1004 && code != 1005 && code != 1006 && (code <= 1014 || code >= 3000));
        if (!isText(payload, 2, true)) {
          throw new Broken(CloseCode.INVALID_DATA);
        }
      }
      over = true;
      events.add(Heard.closedWith(code));
    }
  }

  /** Table 3-7 of the Unicode standard; the last character may be cut off unless {@code whole}. */
  private static boolean isText(byte[] bytes, int from, boolean whole) {
    for (int i = from; i < bytes.length; ) {
      int lead = bytes[i++] & 0xff;
      if (lead < 0x80) {
        continue;
      }
      if (lead < 0xc2 || lead > 0xf4) {
        return false;
      }
      int more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
      int least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
      int most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
      for (; more > 0; more--) {
        if (i == bytes.length) {
          return !whole;
        }
        int b = bytes[i++] & 0xff;
        if (b < least || b > most) {
          return false;
        }
        least = 0x80;
        most = 0xbf;
      }
    }
    return true;
  }

  private int next() throws CutOff {
    complete(at < bytes.length);
    return bytes[at++] & 0xff;
  }

  private static void complete(boolean there) throws CutOff {
    if (!there) {
      throw new CutOff();
    }
  }

  private static void require(boolean kept) throws Broken {
    if (!kept) {
      throw new Broken(CloseCode.PROTOCOL_ERROR);
    }
  }
}
