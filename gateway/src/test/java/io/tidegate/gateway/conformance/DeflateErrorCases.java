package io.tidegate.gateway.conformance;

import static io.tidegate.gateway.conformance.Case.deflating;
import static io.tidegate.gateway.conformance.Deflated.blocks;
import static io.tidegate.gateway.conformance.Frame.ascii;
import static io.tidegate.gateway.conformance.Frame.binary;
import static io.tidegate.gateway.conformance.Frame.close;
import static io.tidegate.gateway.conformance.Frame.continuation;
import static io.tidegate.gateway.conformance.Frame.hex;
import static io.tidegate.gateway.conformance.Frame.ping;
import static io.tidegate.gateway.conformance.Frame.pong;
import static io.tidegate.gateway.conformance.Frame.text;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;

/** RFC 7692: what is refused where permessage-deflate is agreed on. */
final class DeflateErrorCases {
  private static final byte[] HELLO = hex("f2 48 cd c9 c9 07 00");

  private DeflateErrorCases() {}

  static List<Case> all() {
    var cases = new ArrayList<Case>();
    reservedBits(cases);
    garbage(cases);
    truncated(cases);
    context(cases);
    bombs(cases);
    utf8(cases);
    return cases;
  }

  /** Section 6: RSV1 on the first frame of a message only. */
  private static void reservedBits(List<Case> cases) {
    Map<String, Frame[]> bad = new LinkedHashMap<>();
    bad.put("RSV1 on a ping", frames(ping("").compressed()));
    bad.put("RSV1 on a pong", frames(pong("").compressed()));
    bad.put("RSV1 on a close frame", frames(close(1000).compressed()));
    bad.put(
        "RSV1 on the continuation of a compressed message",
        frames(text(hex("f2 48")).compressed().more(), continuation(HELLO).compressed()));
    bad.put(
        "RSV1 on the continuation of another message",
        frames(text("a").more(), continuation("b").compressed()));
    bad.put("RSV2 on a text", frames(text("a").reserved(2)));
    bad.put("RSV3 on a text", frames(text("a").reserved(1)));
    bad.put("RSV2 on a compressed text", frames(text(HELLO).reserved(6)));
    bad.put("RSV3 on a compressed binary message", frames(binary(HELLO).reserved(5)));
    bad.put("RSV2 on a ping", frames(ping("").reserved(2)));
    bad.put("a continuation of nothing with RSV1", frames(continuation(HELLO).compressed()));
    bad.put("a reserved opcode with RSV1", frames(Frame.of(3, HELLO).compressed()));
    bad.forEach(
        (name, frames) ->
            cases.add(
                deflating(
                    "7692:6",
                    name + " is refused with 1002",
                    peer -> peer.send(frames).refuses(1002))));
    cases.add(
        deflating(
            "7692:6",
            "RSV1 on a continuation is refused before its payload is there",
            peer ->
                peer.send(
                        text(hex("f2 48")).compressed().more(),
                        continuation("").compressed().announcing(20))
                    .refuses(1002)));
  }

  /** What RFC 1951 does not allow is refused with 1007 (RFC 6455 section 7.4.1). */
  private static void garbage(List<Case> cases) {
    Map<String, byte[]> bad = new LinkedHashMap<>();
    bad.put("a block of the reserved type", hex("06 00"));
    bad.put("a final block of the reserved type", hex("07 00"));
    bad.put("a stored block whose complement is wrong", hex("00 05 00 fa fe 48 65 6c 6c 6f 00"));
    bad.put(
        "a reference before the start",
        blocks().beginFixed(false).symbol('a').three(2).symbol(256).message());
    bad.put("the length symbol 286", blocks().beginFixed(false).symbol('a').symbol(286).message());
    bad.put(
        "the distance code 30",
        blocks().beginFixed(false).symbol('a').symbol(257).distanceCode(30).symbol(256).message());
    bad.put("a dynamic block with too many codes", hex("fc ff ff ff ff ff ff ff"));
    bad.put(
        "text that was not compressed",
        "not compressed".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    bad.put("garbage behind a block", hex("f2 48 cd c9 c9 07 00 00 00 ff ff ff ff ff"));
    bad.put("a zlib header", hex("78 9c f2 48 cd c9 c9 07 00"));
    bad.forEach(
        (name, payload) -> {
          cases.add(
              deflating(
                  "7692:7.2.2",
                  name + " in a text is refused with 1007",
                  peer -> peer.send(text(payload).compressed()).refuses(1007)));
          cases.add(
              deflating(
                  "7692:7.2.2",
                  name + " in a binary message is refused with 1007",
                  peer -> peer.send(binary(payload).compressed()).refuses(1007)));
        });
    cases.add(
        deflating(
            "7692:7.2.2",
            "garbage is refused before the message is complete",
            peer -> peer.send(binary(hex("07")).compressed().more()).refuses(1007)));
    cases.add(
        deflating(
            "7692:7.2.2",
            "messages before garbage come back",
            peer ->
                peer.send(text("one"), text(HELLO).compressed(), text(hex("07")).compressed())
                    .hears(text("one"))
                    .hears(text("Hello"))
                    .refuses(1007)));
  }

  /** With the four bytes back in place, the data has to end at the border of a block. */
  private static void truncated(List<Case> cases) {
    Map<String, byte[]> bad = new LinkedHashMap<>();
    bad.put("a message that ends inside a fixed block", hex("f2 48 cd"));
    bad.put("a message that ends inside a stored block", hex("00 09 00 f6 ff 48"));
    bad.put("a message that ends inside a stored block's length", hex("00 05"));
    byte[] dynamic = Deflated.of(Samples.json(4000), 9, Deflater.HUFFMAN_ONLY);
    bad.put("a message that ends inside a dynamic block", Arrays.copyOf(dynamic, 1000));
    bad.put("a message that ends inside a dynamic block's codes", Arrays.copyOf(dynamic, 20));
    bad.put(
        "a fixed block without the empty block behind it",
        blocks().beginFixed(false).symbol('a').symbol('b').cut());
    bad.forEach(
        (name, payload) ->
            cases.add(
                deflating(
                    "7692:7.2.2",
                    name + " is refused with 1007",
                    peer -> peer.send(binary(payload).compressed()).refuses(1007))));
  }

  /** Section 7.1.1.2: it was agreed that each message begins with an empty window. */
  private static void context(List<Case> cases) {
    cases.add(
        deflating(
            "7692:7.2.3.2",
            "the example that refers to the message before is refused with 1007",
            peer ->
                peer.send(text(HELLO).compressed())
                    .hears(text("Hello"))
                    .send(text(hex("f2 00 11 00 00")).compressed())
                    .refuses(1007)));
    cases.add(
        deflating(
            "7692:7.1.1.2",
            "zlib's output with the window of the message before is refused with 1007",
            peer -> {
              var deflater = new Deflater(9, true);
              try {
                byte[] content = Samples.noise(500);
                byte[] first = Deflated.next(deflater, content);
                byte[] second = Deflated.next(deflater, content);
                peer.send(binary(first).compressed())
                    .hears(binary(content))
                    .send(binary(second).compressed())
                    .refuses(1007);
              } finally {
                deflater.end();
              }
            }));
  }

  private static void bombs(List<Case> cases) {
    int most = LengthCases.MOST;
    byte[] bomb = Deflated.of(new byte[100 << 20], 9, Deflater.DEFAULT_STRATEGY);
    cases.add(
        deflating(
            "7692:8",
            "100 MiB of zeros in 100 KiB are refused with 1009",
            peer -> peer.send(binary(bomb).compressed()).refuses(1009)));
    cases.add(
        deflating(
            "7692:8",
            "100 MiB of zeros in 100 KiB are refused with 1009 as a text",
            peer -> peer.send(text(bomb).compressed()).refuses(1009)));
    cases.add(
        deflating(
            "7692:8",
            "100 MiB of zeros are refused before their frame is complete",
            peer ->
                peer.send(binary(Arrays.copyOf(bomb, 4096)).compressed().announcing(bomb.length))
                    .refuses(1009)));
    cases.add(
        deflating(
            "7692:8",
            "100 MiB of zeros in fragments are refused before the message is complete",
            peer -> {
              Frame[] fragments = FragmentCases.fragments(binary(bomb).compressed(), 1024);
              peer.send(Arrays.copyOf(fragments, 8)).refuses(1009);
            }));
    cases.add(
        deflating(
            "7692:8",
            "one byte more than is allowed is refused with 1009",
            peer -> peer.send(binary(Deflated.of(new byte[most + 1])).compressed()).refuses(1009)));
    cases.add(
        deflating(
            "7692:8",
            "the message before a bomb comes back",
            peer ->
                peer.send(text(HELLO).compressed(), binary(bomb).compressed())
                    .hears(text("Hello"))
                    .refuses(1009)));
    cases.add(
        deflating(
            "7.4.1",
            "a compressed payload of twice what a message may have is refused at its header",
            peer -> peer.send(binary(hex("")).compressed().announcing(2L * most)).refuses(1009)));
    cases.add(
        deflating(
            "7.4.1",
            "a message that is not compressed is refused with 1009 at its header as ever",
            peer -> peer.send(binary(hex("")).announcing(most + 1L)).refuses(1009)));
  }

  private static void utf8(List<Case> cases) {
    Map<String, byte[]> bad = new LinkedHashMap<>();
    bad.put("a byte that never occurs", hex("61 ff 61"));
    bad.put("a surrogate", hex("ed a0 80"));
    bad.put("an overlong slash", hex("c0 af"));
    bad.put("a character that is cut off at the end", hex("61 e2 82"));
    bad.forEach(
        (name, content) ->
            cases.add(
                deflating(
                    "8.1",
                    name + " in a compressed text is refused with 1007",
                    peer -> peer.send(text(Deflated.of(content)).compressed()).refuses(1007))));
    cases.add(
        deflating(
            "8.1",
            "a wrong byte in a compressed text is refused before the message is complete",
            peer -> {
              var whole = new ByteArrayOutputStream();
              whole.writeBytes(Deflated.of(hex("61 62 ff 63")));
              whole.writeBytes(hex("00 00 ff ff"));
              peer.send(text(whole.toByteArray()).compressed().more()).refuses(1007);
            }));
    cases.add(
        deflating(
            "8.1",
            "a wrong last byte of a long compressed text is refused with 1007",
            peer -> {
              byte[] content = ascii(100_000);
              content[99_999] = (byte) 0xc3;
              peer.send(text(Deflated.of(content)).compressed()).refuses(1007);
            }));
    cases.add(
        deflating(
            "8.1",
            "a text that is not compressed is validated as ever",
            peer -> peer.send(text(hex("ff"))).refuses(1007)));
  }

  private static Frame[] frames(Frame... frames) {
    return frames;
  }
}
