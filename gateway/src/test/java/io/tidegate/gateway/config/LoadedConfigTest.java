package io.tidegate.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.tidegate.gateway.auth.ApiCaller;
import io.tidegate.gateway.auth.ApiKeys;
import io.tidegate.gateway.auth.ChannelPattern;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LoadedConfigTest {
  private static final String SECRET = "secret # with: \"quotes\" and more";

  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "TIDEGATE_LISTEN_PLAINTEXT", "true",
          "TIDEGATE_AUTH_JWT_HMAC_SECRET", SECRET,
          "TIDEGATE_AUTH_SOURCES", "header, query",
          "TIDEGATE_CHANNELS_NAMESPACES_CHAT_ROOM_HISTORY_SIZE", "9",
          "TIDEGATE_LISTEN_PORT", "1234",
          "TIDEGATE_OPS_PORT", "",
          "HOME", "/");

  private static final String YAML =
      """
      listen: { port: 99, origins: ["*", "https://a.example"] }
      internal: { api_keys: ["first-key-of-the-api", "second-key-of-the-api"] }
      node: { name: "007" }
      channels: { namespaces: { chat-room: { history_size: 3, presence: true } } }
      """;

  private static LoadedConfig load(String yaml, Map<String, String> environment)
      throws ConfigException {
    return new ConfigLoader(environment, "box")
        .load(new ConfigSource("test.yaml", yaml, Path.of("")));
  }

  @Test
  void variablesGoBeforeTheFile() throws ConfigException {
    Config config = load(YAML, ENVIRONMENT).config();
    assertThat(config.listen().port()).isEqualTo(1234);
    assertThat(config.ops().port()).isEqualTo(9001);
    assertThat(config.auth().sources()).hasSize(2);
    assertThat(config.namespaces().get(1).stream().historySize()).isEqualTo(9);
    assertThat(config.nodeName()).isEqualTo("007");
  }

  @Test
  void secretsAreMaskedInPrintAndInToString() throws ConfigException {
    LoadedConfig loaded = load(YAML, ENVIRONMENT);
    assertThat(loaded.print())
        .doesNotContain(SECRET)
        .doesNotContain("key-of-the-api")
        .contains("hmac_secret: \"***\"")
        .contains("api_keys: [\"***\", \"***\"]");
    assertThat(loaded.config().toString()).doesNotContain(SECRET).doesNotContain("key-of-the-api");
  }

  @Test
  void keysOfServicesHaveTheirRights() throws ConfigException {
    String yaml =
        """
        internal:
          keys:
            chat:
              secrets: ["the-old-key-of-chat", "the-new-key-of-chat"]
              methods: [publish, history]
              channels: ["chat:*"]
            admin: { secrets: ["the-key-of-the-admin"], methods: ["*"] }
        """;
    LoadedConfig loaded =
        load(
            yaml,
            Map.of("TIDEGATE_LISTEN_PLAINTEXT", "true", "TIDEGATE_AUTH_JWT_HMAC_SECRET", SECRET));
    assertThat(loaded.config().internal().keys())
        .containsExactly(
            new ApiKeys.Key(
                new ApiCaller(
                    "chat", Set.of("publish", "history"), List.of(new ChannelPattern("chat:*"))),
                List.of("the-old-key-of-chat", "the-new-key-of-chat")),
            new ApiKeys.Key(ApiCaller.unrestricted("admin"), List.of("the-key-of-the-admin")));
    assertThat(loaded.print() + loaded.config()).doesNotContain("-key-of-");
  }

  @Test
  void printTellsWhereEachValueIsFrom() throws ConfigException {
    assertThat(load(YAML, ENVIRONMENT).print().lines())
        .contains(
            "  port: 1234  # TIDEGATE_LISTEN_PORT",
            "  port: 9001  # default",
            "  name: 007",
            "      history_size: 9  # TIDEGATE_CHANNELS_NAMESPACES_CHAT_ROOM_HISTORY_SIZE");
  }

  @Test
  void whatIsPrintedLoadsAgainOnceTheSecretsAreBack() throws ConfigException {
    LoadedConfig loaded = load(YAML, ENVIRONMENT);
    String printed =
        loaded
            .print()
            .replace("hmac_secret: \"***\"", "hmac_secret: '" + SECRET + "'")
            .replace("[\"***\", \"***\"]", "[\"first-key-of-the-api\", \"second-key-of-the-api\"]");
    assertThat(load(printed, Map.of()).config()).isEqualTo(loaded.config());
  }

  @Test
  void twoKeysOfOneVariableAreTold() {
    var environment =
        Map.of(
            "TIDEGATE_LISTEN_PLAINTEXT", "true",
            "TIDEGATE_AUTH_JWT_HMAC_SECRET", SECRET,
            "TIDEGATE_CHANNELS_NAMESPACES_A_B_PRESENCE", "true");
    assertThat(
            catchThrowable(
                () -> load("channels: { namespaces: { a-b: {}, a_b: {} } }", environment)))
        .hasMessageContaining("TIDEGATE_CHANNELS_NAMESPACES_A_B_PRESENCE: sets both");
  }
}
