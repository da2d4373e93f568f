package io.tidegate.gateway.conformance;

import static io.tidegate.gateway.conformance.Case.deflating;
import static io.tidegate.gateway.conformance.Deflated.blocks;
import static io.tidegate.gateway.conformance.Frame.ascii;
import static io.tidegate.gateway.conformance.Frame.binary;
import static io.tidegate.gateway.conformance.Frame.continuation;
import static io.tidegate.gateway.conformance.Frame.hex;
import static io.tidegate.gateway.conformance.Frame.ping;
import static io.tidegate.gateway.conformance.Frame.pong;
import static io.tidegate.gateway.conformance.Frame.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.Deflater;

/** RFC 7692 sections 6 and 7.2: what a client may send once permessage-deflate is agreed on. */
final class DeflateCases {
  private DeflateCases() {}

  static List<Case> all() {
    var cases = new ArrayList<Case>();
    examples(cases);
    blockTypes(cases);
    zlib(cases);
    fragments(cases);
    mixed(cases);
    return cases;
  }

  /** Section 7.2.3. */
  private static void examples(List<Case> cases) {
    Map<String, String> table = new LinkedHashMap<>();
    table.put("7692:7.2.3.1 the example of one block", "f2 48 cd c9 c9 07 00");
    table.put("7692:7.2.3.3 the example of a stored block", "00 05 00 fa ff 48 65 6c 6c 6f 00");
    table.put("7692:7.2.3.4 the example of a final block", "f3 48 cd c9 c9 07 00 00");
    table.put("7692:7.2.3.5 the example of two blocks", "f2 48 05 00 00 00 ff ff ca c9 c9 07 00");
    table.forEach(
        (name, bytes) ->
            cases.add(
                deflating(
                    name.substring(0, name.indexOf(' ')),
                    name.substring(name.indexOf(' ') + 1) + " is inflated",
                    peer -> peer.send(text(hex(bytes)).compressed()).hears(text("Hello")))));
    cases.add(
        deflating(
            "7692:7.2.3.1",
            "the example in two fragments is inflated",
            peer ->
                peer.send(hex("41 83 00000000 f2 48 cd"))
                    .send(hex("80 84 00000000 c9 c9 07 00"))
                    .hears(text("Hello"))));
    cases.add(
        deflating(
            "7692:7.2.3.6",
            "the example of an empty message is inflated",
            peer -> peer.send(text(hex("00")).compressed()).hears(text(""))));
    cases.add(
        deflating(
            "7692:7.2.3.6",
            "an empty block with the fixed code is an empty message",
            peer -> peer.send(binary(hex("02 00")).compressed()).hears(binary(hex("")))));
  }

  /** Section 7.2.1: blocks of any type, any number, final or not. */
  private static void blockTypes(List<Case> cases) {
    Map<String, Deflated> table = new LinkedHashMap<>();
    table.put("a stored block", blocks().stored(false, "abcdef"));
    table.put("a block with the fixed code", blocks().fixed(false, "abcdef"));
    table.put("a stored and a fixed block", blocks().stored(false, "abc").fixed(false, "def"));
    table.put("a fixed and a stored block", blocks().fixed(false, "abc").stored(false, "def"));
    table.put("a final stored block", blocks().stored(true, "abcdef"));
    table.put("a final block with the fixed code", blocks().fixed(true, "abcdef"));
    table.put("a block behind a final one", blocks().fixed(true, "abc").fixed(false, "def"));
    table.put("two final blocks", blocks().stored(true, "abc").fixed(true, "def"));
    table.put(
        "empty blocks around others",
        blocks()
            .stored(false, "")
            .fixed(false, "")
            .fixed(false, "abcdef")
            .stored(true, "")
            .stored(false, ""));
    table.put(
        "a block for each byte",
        blocks()
            .fixed(false, "a")
            .stored(false, "b")
            .fixed(true, "c")
            .stored(true, "d")
            .fixed(false, "e")
            .fixed(false, "f"));
    table.forEach(
        (name, blocks) -> {
          byte[] payload = blocks.message();
          cases.add(
              deflating(
                  "7692:7.2.1",
                  name + " is inflated, whole and byte by byte",
                  peer ->
                      peer.send(text(payload).compressed())
                          .hears(text("abcdef"))
                          .send(FragmentCases.fragments(text(payload).compressed(), 1))
                          .hears(text("abcdef"))
                          .sendIn(1, text(payload).compressed())
                          .hears(text("abcdef"))));
        });
    cases.add(
        deflating(
            "7692:7.2.1",
            "a reference back into an earlier block is followed",
            peer ->
                peer.send(
                        text(blocks()
                                .stored(false, "abc")
                                .beginFixed(false)
                                .three(3)
                                .three(1)
                                .symbol(256)
                                .message())
                            .compressed())
                    .hears(text("abcabcccc"))));
    cases.add(
        deflating(
            "7692:7.2.1",
            "a dynamic block is inflated",
            peer -> {
              byte[] content =
                  "a dynamic code for words, words and words "
                      .repeat(40)
                      .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
              byte[] payload = Deflated.of(content, 9, Deflater.HUFFMAN_ONLY);
              assertThat(Inflated.message(payload).blocks()).contains("d");
              peer.send(text(payload).compressed()).hears(text(content));
            }));
    cases.add(
        deflating(
            "7692:7.1.2.2",
            "a reference 32768 bytes back is followed",
            peer -> {
              byte[] half = new byte[1 << 15];
              new Random(7).nextBytes(half);
              byte[] content = Arrays.copyOf(half, 1 << 16);
              System.arraycopy(half, 0, content, 1 << 15, 1 << 15);
              // zlib itself looks back a little less far, so the last bytes are put by hand.
              byte[] payload =
                  joined(
                      Deflated.of(half, 0, Deflater.DEFAULT_STRATEGY),
                      hex("00 00 ff ff"),
                      blocks().beginFixed(false).three(1 << 15).symbol(256).message());
              peer.send(binary(payload).compressed())
                  .hears(binary(Arrays.copyOf(content, (1 << 15) + 3)));
            }));
  }

  private static void zlib(List<Case> cases) {
    Map<String, byte[]> contents = new LinkedHashMap<>();
    contents.put("JSON", Samples.json(20_000));
    contents.put("zeros", new byte[20_000]);
    contents.put("noise", Samples.noise(20_000));
    contents.forEach(
        (name, content) -> {
          for (int level : new int[] {0, 1, 6, 9}) {
            cases.add(
                deflating(
                    "7692:7.2.1",
                    name + " by zlib at level " + level + " is inflated",
                    peer ->
                        peer.send(binary(deflated(content, level)).compressed())
                            .hears(binary(content))));
          }
        });
    for (int length :
        new int[] {1, 16, 64, 256, 1024, 4096, 8192, 16_384, 32_768, 65_536, 131_072}) {
      cases.add(
          deflating(
              "7692:7.2",
              "ten texts of " + length + " bytes come back one after the other",
              peer -> {
                byte[] content = Samples.json(length);
                byte[] payload = Deflated.of(content);
                for (int i = 0; i < 10; i++) {
                  peer.send(text(payload).compressed()).hears(text(content));
                }
              }));
    }
    cases.add(
        deflating(
            "7692:7.2",
            "a hundred different compressed texts in one segment come back in order",
            peer -> {
              Frame[] frames = new Frame[100];
              for (int i = 0; i < frames.length; i++) {
                frames[i] = text(Deflated.of(Samples.json(10 * i))).compressed();
              }
              peer.send(frames);
              for (int i = 0; i < frames.length; i++) {
                peer.hears(text(Samples.json(10 * i)));
              }
            }));
  }

  private static void fragments(List<Case> cases) {
    byte[] content = Samples.json(131_072);
    for (int size : new int[] {256, 1024, 4096, 32_768}) {
      cases.add(
          deflating(
              "7692:6.1",
              "a compressed text of 131072 bytes in fragments of " + size + " comes back",
              peer ->
                  peer.send(FragmentCases.fragments(text(Deflated.of(content)).compressed(), size))
                      .hears(text(content))));
    }
    byte[] hello = hex("f2 48 cd c9 c9 07 00");
    cases.add(
        deflating(
            "7692:6.1",
            "a compressed message whose first fragment is empty comes back",
            peer ->
                peer.send(text("").compressed().more(), continuation(hello)).hears(text("Hello"))));
    cases.add(
        deflating(
            "7692:6.1",
            "a compressed message whose last fragment is empty comes back",
            peer ->
                peer.send(text(hello).compressed().more(), continuation("")).hears(text("Hello"))));
    cases.add(
        deflating(
            "7692:6.1",
            "a ping between compressed fragments is answered before the message",
            peer ->
                peer.send(
                        text(hex("f2 48 cd")).compressed().more(),
                        ping("now"),
                        continuation(hex("c9 c9 07 00")))
                    .hears(pong("now"))
                    .hears(text("Hello"))));
    cases.add(
        deflating(
            "7692:6.1",
            "a character that is cut between compressed fragments comes back",
            peer ->
                peer.send(FragmentCases.fragments(text(Deflated.of("κόσμε 🌍")).compressed(), 1))
                    .hears(text("κόσμε 🌍"))));
  }

  private static void mixed(List<Case> cases) {
    cases.add(
        deflating(
            "7692:6",
            "a message that is not compressed comes back",
            peer -> peer.send(text("plain")).hears(text("plain"))));
    cases.add(
        deflating(
            "7692:6",
            "a message in fragments that is not compressed comes back",
            peer -> peer.send(text("pl").more(), continuation("ain")).hears(text("plain"))));
    cases.add(
        deflating(
            "7692:6",
            "compressed and other messages in one segment come back in order",
            peer ->
                peer.send(
                        text("one"),
                        text(Deflated.of("two")).compressed(),
                        binary(ascii(300)),
                        binary(Deflated.of(ascii(400))).compressed(),
                        ping("five"))
                    .hearsAll(
                        text("one"),
                        text("two"),
                        binary(ascii(300)),
                        binary(ascii(400)),
                        pong("five"))));
    cases.add(
        deflating(
            "7692:7.2.2",
            "a binary message need not be UTF-8 when inflated",
            peer ->
                peer.send(binary(Deflated.of(hex("ff c0 80"))).compressed())
                    .hears(binary(hex("ff c0 80")))));
    cases.add(
        deflating(
            "7692:7.2.2",
            "a message that inflates to just as much as is allowed comes back",
            peer ->
                peer.send(binary(Deflated.of(new byte[LengthCases.MOST])).compressed())
                    .hears(binary(new byte[LengthCases.MOST]))));
    cases.add(
        deflating(
            "7692:7.2.2",
            "noise of just as many bytes as are allowed, which grows in DEFLATE, comes back",
            peer ->
                peer.send(binary(Deflated.of(Samples.noise(LengthCases.MOST))).compressed())
                    .hears(binary(Samples.noise(LengthCases.MOST)))));
  }

  private static byte[] deflated(byte[] content, int level) {
    return Deflated.of(content, level, Deflater.DEFAULT_STRATEGY);
  }

  private static byte[] joined(byte[]... parts) {
    var all = new java.io.ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
