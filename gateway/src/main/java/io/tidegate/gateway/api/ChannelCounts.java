package io.tidegate.gateway.api;

import io.tidegate.backplane.Payload;
import io.tidegate.gateway.protocol.NotJsonException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Channels with their subscribers on one node, as nodes tell each other. */
record ChannelCounts(Map<String, Integer> byName) {
  private static final Field<List<String>> CHANNELS =
      Field.texts("channels", Publishing.MAX_CHANNELS, Integer.MAX_VALUE, "Names of channels.");

  /** Reads which channels are asked for. */
  static List<String> channels(Params params) {
    return CHANNELS.of(params);
  }

  /** Asks for {@code channels}. */
  static JsonBody question(List<String> channels) {
    return json -> {
      json.writeArrayFieldStart(CHANNELS.name());
      for (String channel : channels) {
        json.writeString(channel);
      }
      json.writeEndArray();
    };
  }

  JsonBody body() {
    return json -> {
      json.writeObjectFieldStart("counts");
      for (Map.Entry<String, Integer> channel : byName.entrySet()) {
        json.writeNumberField(channel.getKey(), channel.getValue());
      }
      json.writeEndObject();
    };
  }

  /** Reads what {@link #body} wrote. */
  static ChannelCounts read(Payload answer) throws NotJsonException {
    Params counts = Params.parse(answer.bytes()).object("counts");
    var byName = new LinkedHashMap<String, Integer>();
    if (counts != null) {
      for (String name : counts.names()) {
        byName.put(name, (int) counts.integer(name, 0, 0, Integer.MAX_VALUE));
      }
    }
    return new ChannelCounts(byName);
  }
}
