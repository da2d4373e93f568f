package io.tidegate.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.auth.AuthSettings;
import io.tidegate.gateway.auth.ChannelPattern;
import io.tidegate.gateway.auth.JwtSettings;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.auth.PersonalChannel;
import io.tidegate.gateway.auth.TokenSource;
import io.tidegate.gateway.auth.Who;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ConfigLoaderTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  /** The least that a node starts with. */
  private static final Map<String, String> LEAST =
      Map.of("TIDEGATE_LISTEN_PLAINTEXT", "true", "TIDEGATE_AUTH_JWT_HMAC_SECRET", SECRET);

  private static Config load(String yaml) throws ConfigException {
    return load(yaml, LEAST).config();
  }

  private static LoadedConfig load(String yaml, Map<String, String> environment)
      throws ConfigException {
    return new ConfigLoader(environment, "box")
        .load(new ConfigSource("test.yaml", yaml, Path.of("")));
  }

  @Test
  void defaultsAreSafe() throws ConfigException {
    Config config = load("");
    assertThat(config.nodeName()).isEqualTo("box:8443");
    assertThat(config.internal().host()).isEqualTo("127.0.0.1");
    assertThat(config.auth().anonymous()).isFalse();
    assertThat(config.auth().sources()).doesNotContain(TokenSource.QUERY).hasSize(4);
    assertThat(config.backplane().type()).isEqualTo(BackplaneSettings.Type.HAZELCAST);
    assertThat(config.backplane().hazelcast().host()).isEqualTo("127.0.0.1");
    Namespace defaults = config.namespaces().get(0);
    assertThat(defaults.subscribe()).containsExactly(Who.AUTHENTICATED);
    assertThat(defaults.publish()).containsExactly(Who.SERVICE);
    assertThat(defaults.readHistory()).containsExactly(Who.SUBSCRIBER);
    assertThat(defaults.stream().historySize()).isZero();
    assertThat(defaults.presence()).isFalse();
    assertThat(defaults.json()).isTrue();
    assertThat(defaults.newestOnly()).isFalse();
    assertThat(defaults.pushJoinLeave()).isFalse();
    assertThat(defaults.userLimited()).isFalse();
    assertThat(defaults.names()).isNull();
    assertThat(config.personal()).isNull();
    assertThat(config.auth().subscriptionJwt()).isSameAs(config.auth().jwt());
  }

  @Test
  void valuesAreReadInTheirUnits() throws ConfigException {
    Config config =
        load(
            """
            node: { name: alpha }
            listen: { port: 0, host: "::1", origins: ["https://*.example.com"] }
            limits: { max_payload: 2MiB, bytes_per_second: 1048576, burst: 3s, max_connections: 7 }
            heartbeat: { interval: 1m, timeout: 1500ms }
            drain: { delay: 0s, window: 10s, deadline: 1h }
            backplane: { type: local, hazelcast: { members: ["10.0.0.1", "b.local:5702", "[::1]:1"] } }
            """);
    assertThat(config.nodeName()).isEqualTo("alpha");
    assertThat(config.listen().host()).isEqualTo("::1");
    assertThat(config.listen().origins()).containsExactly("https://*.example.com");
    assertThat(config.listen().maxConnections()).isEqualTo(7);
    assertThat(config.limits().maxPayload()).isEqualTo(2 << 20);
    assertThat(config.limits().burstSeconds()).isEqualTo(3);
    assertThat(config.heartbeat().timeout()).isEqualTo(Duration.ofMillis(1500));
    assertThat(config.drain().deadline()).isEqualTo(Duration.ofHours(1));
    assertThat(config.backplane().type()).isEqualTo(BackplaneSettings.Type.LOCAL);
    assertThat(config.backplane().hazelcast().members()).hasSize(3);
  }

  @Test
  void namespacesFollowTheDefaultsWhereTheyAreSilent() throws ConfigException {
    List<Namespace> namespaces =
        load("""
                channels:
                  defaults: { history_size: 10, recover: true, publish: [anyone] }
                  namespaces:
                    chat: { history_size: 5 }
                    quiet:
                    raw: { content: bytes, publish: [token, subscriber], recover: false }
                """)
            .namespaces();
    assertThat(namespaces).hasSize(4);
    Namespace quiet = namespaces.get(2);
    assertThat(quiet.name()).isEqualTo("quiet");
    assertThat(quiet.stream().historySize()).isEqualTo(10);
    Namespace chat = namespaces.get(1);
    assertThat(chat.name()).isEqualTo("chat");
    assertThat(chat.stream().historySize()).isEqualTo(5);
    assertThat(chat.stream().historyTtl()).isEqualTo(Duration.ofMinutes(5));
    assertThat(chat.recover()).isTrue();
    assertThat(chat.publish()).containsExactly(Who.ANYONE);
    Namespace raw = namespaces.get(3);
    assertThat(raw.json()).isFalse();
    assertThat(raw.recover()).isFalse();
    assertThat(raw.publish()).containsExactlyInAnyOrder(Who.TOKEN, Who.SUBSCRIBER);
  }

  @Test
  void namesAndUsersAndRecoveryAreInheritedToo() throws ConfigException {
    List<Namespace> namespaces =
        load("""
                channels:
                  defaults:
                    { history_size: 1, recovery: cache, push_join_leave: true, user_limited: true,
                      names: "room-*" }
                  namespaces:
                    like: {}
                    unlike:
                      { recovery: stream, push_join_leave: false, user_limited: false, names: "*" }
                """)
            .namespaces();
    Namespace like = namespaces.get(1);
    assertThat(like.newestOnly()).isTrue();
    assertThat(like.pushJoinLeave()).isTrue();
    assertThat(like.userLimited()).isTrue();
    assertThat(like.names()).isEqualTo(new ChannelPattern("room-*"));
    Namespace unlike = namespaces.get(2);
    assertThat(unlike.newestOnly()).isFalse();
    assertThat(unlike.pushJoinLeave()).isFalse();
    assertThat(unlike.userLimited()).isFalse();
    assertThat(unlike.names()).isNull();
  }

  @Test
  void usersHaveChannelsOfTheirOwnWhereThatIsAskedFor() throws ConfigException {
    assertThat(
            load("channels: { defaults: { user_limited: true }, personal: { enabled: true } }")
                .personal())
        .isEqualTo(new PersonalChannel("", false));
    String yaml = "channels: { namespaces: { user: { user_limited: true } } }";
    var environment = new HashMap<>(LEAST);
    environment.put("TIDEGATE_CHANNELS_PERSONAL_NAMESPACE", "user");
    assertThat(load(yaml, environment).config().personal()).isNull();
    environment.put("TIDEGATE_CHANNELS_PERSONAL_ENABLED", "true");
    environment.put("TIDEGATE_CHANNELS_PERSONAL_SINGLE_CONNECTION", "true");
    assertThat(load(yaml, environment).config().personal())
        .isEqualTo(new PersonalChannel("user", true));
  }

  @Test
  void subscriptionTokensMayHaveKeysOfTheirOwnAndThenShareNothing() throws ConfigException {
    AuthSettings auth =
        load("""
                auth:
                  jwt: { issuer: me, clock_skew: 1s }
                  subscription_jwt: { hmac_secret: fedcba9876543210fedcba9876543210 }
                """)
            .auth();
    assertThat(auth.subscriptionJwt())
        .isEqualTo(
            new JwtSettings(
                "fedcba9876543210fedcba9876543210", List.of(), null, null, Duration.ofSeconds(30)));
  }
}
