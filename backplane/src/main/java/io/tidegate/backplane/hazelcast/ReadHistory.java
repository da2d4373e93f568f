package io.tidegate.backplane.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.tidegate.backplane.HistoryPage;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPolicy;
import io.tidegate.backplane.StreamPosition;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Reads a channel's history. A write all the same, where the stream is new or forks. */
final class ReadHistory extends ChannelProcessor<HistoryPage> {
  private static final long serialVersionUID = 1L;

  private final transient StreamPolicy policy;
  private final transient HistoryQuery query;

  ReadHistory(StreamPolicy policy, HistoryQuery query) {
    this.policy = policy;
    this.query = query;
  }

  @Override
  public HistoryPage process(Map.Entry<String, ChannelState> entry) {
    var turn = new Turn(entry.getValue(), owner(entry.getKey(), List.of()));
    HistoryPage page = turn.read(policy, query);
    commit(entry, turn);
    return page;
  }

  static void write(ObjectDataOutput out, ReadHistory processor) throws IOException {
    Wire.writePolicy(out, processor.policy);
    Wire.writeNullable(out, processor.query.since(), ReadHistory::writePosition);
    out.writeInt(processor.query.limit());
    out.writeBoolean(processor.query.reverse());
  }

  static ReadHistory read(ObjectDataInput in) throws IOException {
    return new ReadHistory(
        Wire.readPolicy(in),
        new HistoryQuery(
            Wire.readNullable(in, ReadHistory::readPosition), in.readInt(), in.readBoolean()));
  }

  static void writePage(ObjectDataOutput out, HistoryPage page) throws IOException {
    writePosition(out, page.top());
    Wire.writeAll(out, page.publications(), EventWire::writePublication);
    out.writeString(page.continuity().name());
  }

  static HistoryPage readPage(ObjectDataInput in) throws IOException {
    StreamPosition top = readPosition(in);
    List<Publication> publications = Wire.readList(in, EventWire::readPublication);
    return new HistoryPage(top, publications, HistoryPage.Continuity.valueOf(Wire.readText(in)));
  }

  private static void writePosition(ObjectDataOutput out, StreamPosition position)
      throws IOException {
    out.writeString(position.epoch());
    out.writeLong(position.offset());
  }

  private static StreamPosition readPosition(ObjectDataInput in) throws IOException {
    return new StreamPosition(Wire.readText(in), in.readLong());
  }
}
