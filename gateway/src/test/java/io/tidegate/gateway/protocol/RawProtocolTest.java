package io.tidegate.gateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.Payload;
import io.tidegate.backplane.Publication;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RawProtocolTest {
  private static final byte[] NO_TEXT = {(byte) 0xc3, (byte) 0x28};

  private final RawProtocol protocol = new RawProtocol();

  private Encoded encode(byte[] data, Map<String, String> tags, boolean json) {
    var publication = new Publication(7, Payload.of(data), null, tags, 1);
    return protocol.encode(new Push.Published("c", publication, true, json));
  }

  @Test
  void aFrameIsOneCommandWithItsBytesAndType() throws Exception {
    var commands = new ArrayList<Command>();
    protocol.decode(NO_TEXT, false, commands::add);
    protocol.decode(new byte[0], true, commands::add);
    assertThat(commands)
        .containsExactly(
            new Command.Frame(Payload.of(NO_TEXT), false), new Command.Frame(Payload.EMPTY, true));
  }

  @Test
  void aPublicationIsItsBareData() {
    byte[] data = {1, 2, 3};
    assertThat(encode(data, Map.of(), false).bytes()).isSameAs(data);
  }

  @Test
  void jsonGoesOutAsText() {
    assertThat(encode(new byte[] {'1'}, Map.of(), true).text()).isTrue();
  }

  @Test
  void bytesGoOutAsBinaryUnlessATagSaysTextAndTheyAreText() {
    byte[] text = {'h', 'i'};
    assertThat(encode(text, Map.of(), false).text()).isFalse();
    assertThat(encode(text, Map.of("frame", "binary"), false).text()).isFalse();
    assertThat(encode(text, RawProtocol.TEXT_FRAME, false).text()).isTrue();
    assertThat(encode(new byte[0], RawProtocol.TEXT_FRAME, false).text()).isTrue();
    assertThat(encode(NO_TEXT, RawProtocol.TEXT_FRAME, false).text()).isFalse();
  }
}
