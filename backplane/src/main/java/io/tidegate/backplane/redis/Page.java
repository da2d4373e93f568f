package io.tidegate.backplane.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.backplane.HistoryPage;
import io.tidegate.backplane.HistoryPage.Continuity;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPosition;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of the script {@code read}.
 *
 * @param top the stream's last place
 * @param parents where the epochs before it ended, the latest first
 * @param fork how the stream forked in this very step; empty if it did not
 * @param oldest the oldest offset that is kept; 0 if none
 */
record Page(
    Place top, List<Place> parents, String fork, long oldest, List<Publication> publications) {

  static Page read(Response answer) {
    var top = new Place(answer.get(0).toString(), answer.get(1).toLong(), answer.get(2).toLong());
    List<Place> parents = new ArrayList<>();
    for (String parent : answer.get(3).toString().split(",", -1)) {
      String[] parts = parent.split(":", -1);
      if (parts.length == 3) {
        parents.add(new Place(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2])));
      }
    }
    List<Publication> publications = new ArrayList<>();
    for (Response entry : answer.get(6)) {
      publications.add(entry(entry.get(0).toString(), entry.get(1)));
    }
    return new Page(top, parents, answer.get(4).toString(), answer.get(5).toLong(), publications);
  }

  /** The place at which {@code epoch} ended for this stream, if it is a parent. */
  @Nullable Place endOf(String epoch) {
    long offset = Long.MAX_VALUE;
    long moves = Long.MAX_VALUE;
    for (Place parent : parents) {
      // A parent's end is capped by those of the epochs after it.
      offset = Math.min(offset, parent.offset());
      moves = Math.min(moves, parent.moves());
      if (parent.epoch().equals(epoch)) {
        return new Place(epoch, offset, moves);
      }
    }
    return null;
  }

  HistoryPage history(HistoryQuery query) {
    Continuity continuity = verdict(query);
    return new HistoryPage(
        top.position(), continuity == Continuity.FOREIGN ? List.of() : publications, continuity);
  }

  private Continuity verdict(HistoryQuery query) {
    StreamPosition since = query.since();
    if (since == null) {
      return Continuity.CONTINUOUS;
    }
    Place end = since.epoch().equals(top.epoch()) ? top : endOf(since.epoch());
    if (end == null || since.offset() > end.offset()) {
      return Continuity.FOREIGN;
    }
    long next = query.reverse() ? since.offset() - 1 : since.offset() + 1;
    boolean nothingThere = next < 1 || next > top.offset();
    boolean isKept = oldest != 0 && next >= oldest;
    return nothingThere || isKept ? Continuity.CONTINUOUS : Continuity.TRIMMED;
  }

  private static Publication entry(String id, Response fields) {
    long offset = Long.parseLong(id.substring(0, id.indexOf('-')));
    long timeMillis = Long.parseLong(fields.get(1).toString(UTF_8));
    return PublicationWire.decode(offset, timeMillis, fields.get(3).toBytes(), 0);
  }
}
