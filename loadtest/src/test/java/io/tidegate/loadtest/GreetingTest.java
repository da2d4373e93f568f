package io.tidegate.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class GreetingTest {
  private final Greeting greeting = new Greeting("t", "a \"b\"");

  @Test
  void asksForAPositionedSubscription() {
    assertThat(greeting.connect()).contains("\"token\":\"t\"");
    assertThat(greeting.subscribe())
        .contains("\"channel\":\"a \\\"b\\\"\"")
        .contains("\"positioned\":true");
  }

  @Test
  void readsReplies() {
    assertThat(greeting.read("{\"id\":1,\"connect\":{\"client\":\"x\"}}").connected()).isTrue();
    Greeting.Answer answer =
        greeting.read("{\"id\":2,\"subscribe\":{\"positioned\":true,\"epoch\":\"e\"}}");
    assertThat(answer.subscribed()).isTrue();
    assertThat(answer.positioned()).isTrue();
    assertThat(greeting.read("{\"id\":2,\"subscribe\":{}}").positioned()).isFalse();
  }

  @Test
  void tellsWhyAConnectionIsOfNoUse() {
    String refused = "{\"id\":2,\"error\":{\"code\":103,\"message\":\"permission denied\"}}";
    assertThat(greeting.read(refused).failure()).contains("subscribe").contains("103");
    assertThat(greeting.read("nonsense").failure()).contains("nonsense");
  }

  @Test
  void noticesThatTheSubscriptionEnded() {
    String ended = "{\"push\":{\"channel\":\"c\",\"unsubscribe\":{\"code\":2500}}}";
    assertThat(greeting.endedBy(ended)).hasValueSatisfying(why -> assertThat(why).contains("2500"));
    assertThat(greeting.endedBy("{\"push\":{\"channel\":\"c\",\"join\":{}}}")).isEmpty();
  }
}
