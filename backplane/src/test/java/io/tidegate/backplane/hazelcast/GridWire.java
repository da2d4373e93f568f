package io.tidegate.backplane.hazelcast;

import com.hazelcast.internal.serialization.SerializationService;
import com.hazelcast.internal.serialization.impl.DefaultSerializationServiceBuilder;
import io.tidegate.backplane.NodeInfo;
import java.time.Clock;

/** How members write to each other, for tests without members. */
final class GridWire {
  private GridWire() {}

  static SerializationService service() {
    var terms = new PartitionTerms(() -> 1);
    var member = new LocalMember(Clock.systemUTC(), () -> "", terms, 1);
    var config =
        GridConfig.of(
            HazelcastSettings.defaults(), new NodeInfo("n", "n", "1", 1), false, member, terms);
    return new DefaultSerializationServiceBuilder()
        .setConfig(config.getSerializationConfig())
        .build();
  }
}
