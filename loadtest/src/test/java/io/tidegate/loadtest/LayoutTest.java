package io.tidegate.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

final class LayoutTest {
  @Property(tries = 300)
  void publishersOfAChannelHaveSlotsOfTheirOwn(
      @ForAll @IntRange(min = 1, max = 30) int a, @ForAll @IntRange(min = 1, max = 30) int b) {
    check(new Layout.Star(a, b));
    check(new Layout.Rooms(a, b));
  }

  private static void check(Layout layout) {
    var owners = new HashMap<String, Integer>();
    for (long publication = 0; publication < 2_000; publication++) {
      int channel = layout.channelOf(publication);
      int publisher = layout.publisherOf(publication);
      int slot = layout.slot(publisher);
      assertThat(channel).isLessThan(layout.channels());
      assertThat(slot).isLessThan(layout.slots());
      Integer owner = owners.putIfAbsent(channel + "/" + slot, publisher);
      assertThat(owner == null || owner == publisher).isTrue();
    }
  }
}
