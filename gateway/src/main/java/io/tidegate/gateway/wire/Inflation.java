package io.tidegate.gateway.wire;

import io.netty.buffer.ByteBuf;
import io.tidegate.gateway.protocol.CloseCode;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** Inflates one message, which shares no context with others (RFC 7692 section 7.2.2). */
final class Inflation {
  /**
   * The four bytes that the sender left out, and behind them an empty final block: an inflater that
   * is not finished after it was still in the middle of something.
   */
  private static final byte[] TAIL = {0, 0, -1, -1, 1, 0, 0, -1, -1};

  private final Inflaters inflaters;
  private final int maxFinal;
  private @Nullable Inflater inflater;
  private int finals;

  /** What arrived while there was no inflater. */
  private @Nullable IncomingMessage held;

  /**
   * The inflation of a message.
   *
   * @param maxFinal final blocks behind which others may follow: each costs two calls of zlib,
   *     however few its bytes are
   */
  Inflation(Inflaters inflaters, int maxFinal) {
    this.inflaters = inflaters;
    this.maxFinal = maxFinal;
  }

  /** What does not compress grows a little, and an empty fragment is some bytes. */
  static int maxCompressed(int maxPayload) {
    return maxPayload + (maxPayload >> 3) + 64;
  }

  /**
   * Takes {@code length} masked bytes, and adds to {@code message} what they inflate to.
   *
   * @return the mask for what follows
   */
  int read(ByteBuf in, int length, int mask, boolean last, IncomingMessage message)
      throws BadFrameException {
    Inflater with = inflater;
    if (with == null) {
      with = inflaters.borrow(last);
      inflater = with;
    }
    if (with == null) {
      return hold(in, length, mask);
    }
    if (held != null) {
      byte[] before = held.finish();
      held = null;
      inflate(with, before, before.length, message);
    }
    int next = mask;
    byte[] chunk = inflaters.in();
    for (int left = length; left > 0; ) {
      int n = Math.min(left, chunk.length);
      in.readBytes(chunk, 0, n);
      next = Mask.apply(next, chunk, 0, n);
      inflate(with, chunk, n, message);
      left -= n;
    }
    if (last) {
      finish(with, message);
      end();
    }
    return next;
  }

  /** Gives back what was borrowed; the message is over. */
  void end() {
    if (inflater != null) {
      inflaters.giveBack(inflater);
      inflater = null;
    }
  }

  private int hold(ByteBuf in, int length, int mask) throws BadFrameException {
    if (held == null) {
      held = new IncomingMessage(false, Integer.MAX_VALUE, null);
    }
    return held.read(in, length, mask, false);
  }

  private void finish(Inflater with, IncomingMessage message) throws BadFrameException {
    // A final block may end the payload, and nothing at all stands for an empty message; neither
    // can be told from what zlib takes without complaint.
    if (!with.finished() && with.getBytesRead() > 0) {
      inflate(with, TAIL, TAIL.length, message);
      if (!with.finished()) {
        throw bad();
      }
    }
  }

  private void inflate(Inflater with, byte[] from, int length, IncomingMessage message)
      throws BadFrameException {
    byte[] out = inflaters.out();
    next(with, from, 0, length);
    try {
      while (true) {
        int n = with.inflate(out);
        if (n > 0) {
          message.append(out, n);
        } else if (with.finished() && with.getRemaining() > 0) {
          next(with, from, length - with.getRemaining(), with.getRemaining());
        } else {
          return;
        }
      }
    } catch (DataFormatException e) {
      throw bad();
    }
  }

  /** Goes on behind a final block, if there was one: section 7.2.1 lets others follow it. */
  private void next(Inflater with, byte[] from, int at, int length) throws BadFrameException {
    if (with.finished()) {
      if (++finals > maxFinal) {
        throw new BadFrameException(CloseCode.TOO_MANY_FRAGMENTS, "payload: too many final blocks");
      }
      with.reset();
    }
    with.setInput(from, at, length);
  }

  private static BadFrameException bad() {
    return new BadFrameException(CloseCode.INVALID_COMPRESSION, "payload: no DEFLATE data");
  }
}
