package io.tidegate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.auth.PersonalChannel;
import io.tidegate.gateway.testing.NodeOptions;
import io.tidegate.gateway.testing.TestClient;
import io.tidegate.gateway.testing.TestNode;
import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PersonalChannelIT {
  @Test
  void everyUserIsSubscribedToItsOwn() {
    try (TestNode node = node(false);
        TestClient ann = TestClient.connect(node.uri(), TestClient.Options.PLAIN);
        TestClient other = TestClient.open(node.uri(), TestTokens.of("ann"))) {
      assertThat(subs(ann, "ann")).containsExactly("#ann");
      node.publish("#ann", "1");
      ann.awaitMessage(m -> !ann.pushes("#ann", "pub").isEmpty());
      other.awaitMessage(m -> !other.pushes("#ann", "pub").isEmpty());
      // A newer token has no say in it.
      ann.command("refresh", new JsonObject().put("token", TestTokens.of("ann")));
      node.publish("#ann", "2");
      ann.awaitMessage(m -> ann.pushes("#ann", "pub").size() == 2);
      assertThat(ann.pushes("#ann", "unsubscribe")).isEmpty();
    }
  }

  @Test
  void whoseNameIsNoneOfAChannelHasNone() {
    try (TestNode node = node(false);
        TestClient ann = TestClient.connect(node.uri(), TestClient.Options.PLAIN)) {
      assertThat(subs(ann, "ann smith")).isEmpty();
    }
  }

  @Test
  void newConnectionOfAUserEndsTheOlderOnes() {
    try (TestNode node = node(true);
        TestClient first = TestClient.open(node.uri(), TestTokens.of("ann"));
        TestClient bob = TestClient.open(node.uri(), TestTokens.of("bob"));
        TestClient second = TestClient.open(node.uri(), TestTokens.of("ann"))) {
      assertThat(first.awaitClose()).isEqualTo(3504);
      assertThat(second.command("ping", new JsonObject()).containsKey("ping")).isTrue();
      assertThat(bob.isClosed()).isFalse();
    }
  }

  @Test
  void onAnotherNodeToo() {
    NodeOptions options = NodeOptions.of(TestNode.store()).personal(new PersonalChannel("", true));
    try (TestNode one = new TestNode(options);
        TestNode two = new TestNode(options);
        TestClient first = TestClient.open(one.uri(), TestTokens.of("ann"));
        TestClient second = TestClient.open(two.uri(), TestTokens.of("ann"))) {
      assertThat(first.awaitClose()).isEqualTo(3504);
      assertThat(second.command("ping", new JsonObject()).containsKey("ping")).isTrue();
    }
  }

  private static TestNode node(boolean singleConnection) {
    return new TestNode(
        NodeOptions.of(TestNode.store()).personal(new PersonalChannel("", singleConnection)));
  }

  private static Set<String> subs(TestClient client, String user) {
    return client
        .command("connect", new JsonObject().put("token", TestTokens.of(user)))
        .getJsonObject("connect")
        .getJsonObject("subs", new JsonObject())
        .fieldNames();
  }
}
