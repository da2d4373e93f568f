package io.tidegate.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidegate.gateway.session.RawRoute;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RawKeysTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of("TIDEGATE_LISTEN_PLAINTEXT", "true", "TIDEGATE_AUTH_ANONYMOUS", "true");

  private static final String REST =
      """
      channels:
        defaults: { publish: [service], subscribe: [anyone] }
        namespaces:
          room: { publish: [authenticated] }
          closed: { subscribe: [nobody] }
      services:
        bot: { type: stream }
      """;

  private static ConfigSource source(String yaml) {
    return new ConfigSource("test.yaml", yaml, Path.of("."));
  }

  private static List<RawRoute> routes(String raw) throws ConfigException {
    return new ConfigLoader(ENVIRONMENT, "box").load(source(REST + raw)).config().raw();
  }

  private static List<String> problems(String yaml) {
    return catchThrowableOfType(
            ConfigException.class, () -> new ConfigLoader(ENVIRONMENT, "box").load(source(yaml)))
        .problems();
  }

  @Test
  void aRouteIsReadWithAllItsKeys() throws Exception {
    List<RawRoute> routes =
        routes(
            """
            raw:
              chat:
                subscribe: [lobby, "room:{query.room}"]
                publish: room:{query.room}
                exclude_sender: true
                welcome: "{\\"hello\\":true}"
              bot: { service: bot, subscribe: ["room:{claims.sub}"] }
              feed: { subscribe: [lobby] }
            """);
    assertThat(routes).extracting(RawRoute::name).containsExactly("chat", "bot", "feed");
    RawRoute chat = routes.get(0);
    assertThat(chat.subscribe()).hasToString("[lobby, room:{query.room}]");
    assertThat(chat.publish()).hasToString("room:{query.room}");
    assertThat(chat.excludeSender()).isTrue();
    assertThat(chat.welcome()).isEqualTo("{\"hello\":true}");
    assertThat(routes.get(1).service()).isEqualTo("bot");
    assertThat(routes.get(2).echo()).isFalse();
  }

  @Test
  void withoutTheSectionThereIsNoRoute() throws Exception {
    assertThat(routes("")).isEmpty();
  }

  @Test
  void theExamplesOfTheDocumentAreValid() throws Exception {
    List<String> examples =
        Pattern.compile("(?ms)^```yaml\\n(.*?)^```")
            .matcher(Files.readString(Path.of("../docs/raw.md")))
            .results()
            .map(found -> found.group(1))
            .toList();
    Map<String, String> plaintext = Map.of("TIDEGATE_LISTEN_PLAINTEXT", "true");
    for (String example : examples) {
      assertThat(new ConfigLoader(plaintext, "box").load(source(example)).config().raw())
          .hasSize(1);
    }
    assertThat(examples).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a: { echo: true, publish: 'room:x' }     | raw.a.echo: beside others (expected: one of publish, service and echo",
        "a: { service: bot, publish: 'room:x' }   | raw.a.echo: beside others",
        "a: {}                                    | raw.a.subscribe: empty (expected: a channel",
        "a: { echo: true, exclude_sender: true }  | raw.a.exclude_sender: true (expected: publish and subscribe",
        "a: { subscribe: ['room:{query.a b}'] }   | raw.a.subscribe: 'room:{query.a b}' (expected: a channel, in which",
        "a: { subscribe: ['room:{claims.mail}'] } | raw.a.subscribe: 'room:{claims.mail}' (expected: a channel, in which"
            + " {query.NAME} and {claims.sub} may stand behind",
        "a: { publish: 'room:{query.a}.{query.b}' } | raw.a.publish: 'room:{query.a}.{query.b}' (expected: a channel, in which"
            + " {query.NAME} and {claims.sub} may stand behind a namespace and its colon, any two of them apart by a"
            + " character that no value holds",
        "a: { subscribe: ['{query.room}'] }       | raw.a.subscribe: '{query.room}'",
        "a: { subscribe: ['rom:{query.room}'] }   | raw.a.subscribe: 'rom:{query.room}' (expected: a namespace of channels",
        "a: { publish: 'rom:x' }                  | raw.a.publish: 'rom:x' (expected: a namespace of channels",
        "a: { publish: lobby }                    | raw.a.publish: 'lobby' (expected: a channel for clients; channels.defaults.publish lets none",
        "a: { subscribe: ['closed:x'] }           | raw.a.subscribe: 'closed:x' (expected: a channel for clients; channels.namespaces.closed.subscribe",
        "a: { service: bat }                      | raw.a.service: 'bat' (expected: one of bot",
        "a: { echo: yes }                         | raw.a.echo: 'yes' (expected: true or false",
        "a: { eco: true, subscribe: [lobby] }     | raw.a.eco: unknown key (expected: perhaps echo",
        "a: { echo: true, welcome: '' }           | raw.a.welcome: ''",
        "a/b: { echo: true }                      | raw.a/b: a name (expected: 1 to 64",
      })
  void aBadRouteIsToldWithKeyValueAndExpectation(String raw, String problem) {
    assertThat(problems(REST + "raw:\n  " + raw.replace("a/b", "'a/b'") + "\n"))
        .singleElement()
        .asString()
        .startsWith(problem);
  }

  @Test
  void problemsOfRoutesAreToldBesideAllOthers() {
    assertThat(
            problems(
                """
                listen: { port: x }
                services: { bot: { type: stream, capacity: few } }
                raw:
                  a: { service: bat }
                  b: { subscribe: ["{}"], publish: "nowhere:y" }
                """))
        .hasSize(5)
        .anyMatch(p -> p.startsWith("listen.port"))
        .anyMatch(p -> p.startsWith("services.bot.capacity"))
        .anyMatch(p -> p.startsWith("raw.a.service: 'bat' (expected: one of bot"))
        .anyMatch(p -> p.startsWith("raw.b.subscribe: '{}'"))
        .anyMatch(p -> p.startsWith("raw.b.publish: 'nowhere:y'"));
  }
}
