package io.tidegate.gateway.api;

import io.tidegate.backplane.StreamPosition;
import java.util.List;

/** A stream's position as an argument. */
final class Positions {
  private static final int MAX_EPOCH_BYTES = 64;
  private static final Field<Long> OFFSET =
      Field.integer("offset", 0, 0, Long.MAX_VALUE, "Offset of a publication.");
  private static final Field<String> EPOCH =
      Field.text("epoch", MAX_EPOCH_BYTES, "The stream's epoch.").required("a string");

  private Positions() {}

  static Field<Params> field(String name, String about) {
    return Field.object(name, about, List.of(OFFSET, EPOCH));
  }

  static StreamPosition of(Params position) {
    return new StreamPosition(EPOCH.of(position), OFFSET.of(position));
  }
}
