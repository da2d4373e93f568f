package io.tidegate.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidegate.gateway.edge.TlsSettings;
import io.tidegate.gateway.wire.TlsEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigProblemsTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  private static final Map<String, String> LEAST =
      Map.of("TIDEGATE_LISTEN_PLAINTEXT", "true", "TIDEGATE_AUTH_JWT_HMAC_SECRET", SECRET);

  @TempDir Path directory;

  private List<String> problems(String yaml, Map<String, String> environment) {
    ConfigSource source = new ConfigSource("test.yaml", yaml, directory);
    return catchThrowableOfType(
            ConfigException.class, () -> new ConfigLoader(environment, "box").load(source))
        .problems();
  }

  private List<String> problems(String yaml) {
    return problems(yaml, LEAST);
  }

  private static Map<String, String> with(String name, String value) {
    var environment = new HashMap<>(LEAST);
    environment.put(name, value);
    return environment;
  }

  @Test
  void everyProblemIsToldAtOnce() {
    assertThat(
            problems(
                """
                listen: { port: eighty }
                drain: { colour: red }
                limits: { max_payload: 3 }
                heartbeat: { interval: 5s, timeout: 6s }
                channels: { defaults: { recover: true } }
                """,
                with("TIDEGATE_OPS_PORT", "-1")))
        .containsExactlyInAnyOrder(
            "listen.port: 'eighty' (expected: a port from 0 to 65535)",
            "drain.colour: unknown key (expected: one of deadline, delay, window)",
            "limits.max_payload: '3' (expected: a size from 128B to 64MiB, such as 64KiB)",
            "heartbeat.timeout: PT6S (expected: >= 1s and below heartbeat.interval)",
            "channels.defaults.recover: true (expected: history_size > 0 beside it)",
            "TIDEGATE_OPS_PORT: '-1' (expected: a port from 0 to 65535)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "listen: { port: 65536 }              | listen.port: '65536'",
        "listen: { port: 08443 }              | listen.port: '08443'",
        "listen: { port: [1, 2] }             | listen.port: [...] (expected: a single value)",
        "listen: { port: { a: 1 } }           | listen.port: {...} (expected: a single value)",
        "auth: { anonymous: yes }             | auth.anonymous: 'yes' (expected: true or false)",
        "listen: { host: 'a b' }              | listen.host: 'a b'",
        "listen: { origins: a }               | listen.origins: 'a' (expected: a list such as [a, b])",
        "listen: { origins: [[a]] }           | listen.origins: [...] (expected: a list",
        "listen: { origins: ['https://a.example', a.example] } | listen.origins: 'a.example' (expected: \"*\", \"null\", or an origin",
        "listen: { origins: [null] }          | listen.origins: '' (expected: \"*\", \"null\", or an origin",
        "listen: { trusted_proxies: [10.0.0.1/8] } | listen.trusted_proxies: '10.0.0.1/8' (expected: an"
            + " address or a network such as 10.0.0.0/8",
        "listen: { trusted_proxies: [balancer] }   | listen.trusted_proxies: 'balancer'",
        "listen: { proxy_protocol: true }     | listen.trusted_proxies: empty (expected: at least one"
            + " network, because listen.proxy_protocol is true)",
        "limits: { connections_per_address: -1 } | limits.connections_per_address: '-1'",
        "listen: 8443                         | listen: no key below it",
        "drain: { window: 10 }                | drain.window: '10' (expected: a duration from 0s",
        "drain: { window: 10 s }              | drain.window: '10 s'",
        "drain: { deadline: 1s }              | drain.deadline: PT1S (expected: at least delay and",
        "limits: { violations: 1.5 }          | limits.violations: '1.5'",
        "limits: { bytes_per_second: 1KiB }   | limits.bytes_per_second: 1024 (expected: 0, or enough",
        "auth: { sources: [header, header2] } | auth.sources: 'header2' (expected: one of header, cookie",
        "channels: { defaults: { publish: [] } } | channels.defaults.publish: empty",
        "channels: { defaults: { publish: [nobody, anyone] } } | channels.defaults.publish: nobody beside",
        "channels: { defaults: { subscribe: [subscriber] } } | channels.defaults.subscribe: 'subscriber'",
        "channels: { namespaces: { 'a:b': {} } } | channels.namespaces.a:b: a name",
        "channels: { namespaces: { a: { size: 1 } } } | channels.namespaces.a.size: unknown key",
        "channels: { defaults: { recovery: last } } | channels.defaults.recovery: 'last' (expected: one of stream, cache",
        "channels: { defaults: { names: '' } } | channels.defaults.names: '' (expected: a pattern of names",
        "channels: { personal: { enabled: true } } | channels.personal.namespace: absent (expected: user_limited: true in"
            + " channels.defaults",
        "channels: { personal: { enabled: true, namespace: u } } | channels.personal.namespace: 'u' (expected: one of"
            + " channels.namespaces, with user_limited: true)",
        "channels: { personal: { enabled: true, namespace: u }, namespaces: { u: {} } } | channels.personal.namespace: 'u'",
        "channels: { personal: { name: u } }  | channels.personal.name: unknown key",
        "auth: { subscription_jwt: { issuer: x } } | auth.subscription_jwt: no key (expected: hmac_secret or"
            + " public_keys",
        "auth: { subscription_jwt: { hmac_secret: short } } | auth.subscription_jwt.hmac_secret: '***'",
        "backplane: { type: nats }            | backplane.type: 'nats' (expected: one of hazelcast, redis, local)",
        "backplane: { redis: { uri: 'http://:hunter2@h' } } | backplane.redis.uri: '***' (expected: redis://",
        "backplane: { type: redis }           | backplane.redis.uri: missing (expected: where the server is",
        "backplane: { redis: { ca: /nowhere } } | backplane.redis.ca: '/nowhere' (expected: a file",
        "backplane: { type: redis, cluster: 'a{b', redis: { uri: 'redis://h' } } | backplane.cluster: 'a{b' (expected: a name without",
        "backplane: { hazelcast: { members: ['h:0'] } } | backplane.hazelcast.members: 'h:0'",
        "backplane: { hazelcast: { port: 65535, port_count: 2 } } | backplane.hazelcast.port_count: 2",
        "internal: { host: 0.0.0.0 }          | internal.api_keys: missing (expected: at least one, because",
        "internal: { keys: { chat: { methods: ['*'] } } } | internal.keys.chat.secrets: missing (expected: at least one",
        "internal: { keys: { chat: { methods: ['*'], secrets: [] } } } | internal.keys.chat.secrets: empty",
        "internal: { keys: { 'a b': { methods: ['*'], secrets: [0123456789abcdef] } } } | internal.keys.a b: a name",
        "internal: { keys: { loopback: { methods: ['*'], secrets: [0123456789abcdef] } } } | internal.keys.loopback: a name",
        "internal: { keys: { chat: { secrets: [0123456789abcdef] } } } | internal.keys.chat.methods: missing (expected: methods, or *",
        "internal: { keys: { chat: { secrets: [0123456789abcdef], methods: [] } } } | internal.keys.chat.methods: empty",
        "internal: { keys: { chat: { secrets: [0123456789abcdef], methods: ['*'], channels: [] } } } | internal.keys.chat.channels: empty",
        "internal: { keys: { chat: { secrets: [0123456789abcdef], methods: [publsh] } } } | internal.keys.chat.methods: 'publsh'",
        "internal: { api_keys: [0123456789abcdef], keys: { chat: { methods: ['*'], secrets: [0123456789abcdef] } } } | internal.api_keys: a sec",
        "internal: { host: 0.0.0.0, api_keys: [] } | internal.api_keys: empty",
        "internal: { max_body: 2MiB, max_pending: 1MiB } | internal.max_pending: 1048576 bytes (expected: at least max_body, 2097152)",
        "auth: { jwt: { jwks_url: x } }       | auth.jwt.jwks_url: unknown key",
        "listn:                               | listn: unknown key (expected: perhaps listen)",
        "channels: { namespaces: { 'a:b': } } | channels.namespaces.a:b: a name",
        "listen: { prot: }                    | listen.prot: unknown key (expected: perhaps port)",
        "rpc: { chat.*: }                     | rpc.chat.*: missing (expected: text)",
        "listen: { prot: 1 }                  | listen.prot: unknown key (expected: perhaps port)",
      })
  void aBadValueIsToldWithKeyValueAndExpectation(String yaml, String problem) {
    assertThat(problems(yaml)).singleElement().asString().startsWith(problem);
  }

  @Test
  void aKeyHasABoundedNumberOfPatterns() {
    String patterns = String.join(", ", Collections.nCopies(1_001, "a"));
    assertThat(
            problems(
                "internal: { keys: { chat: { methods: ['*'], secrets: [0123456789abcdef], channels: ["
                    + patterns
                    + "] } } }"))
        .contains("internal.keys.chat.channels: 1001 patterns (expected: at most 1000)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a: [1                | test.yaml:",
        "- a                  | test.yaml: no key at all",
        "just text            | test.yaml: no key at all",
        "'node: { name: a, name: b }' | node.name: again at test.yaml:1",
        "'node: { name: !!str a }' | node.name: a tag",
      })
  void whatIsNotPlainYamlIsRefused(String yaml, String problem) {
    assertThat(problems(yaml)).singleElement().asString().startsWith(problem);
  }

  @Test
  void aSecondDocumentIsRefused() {
    assertThat(problems("node: { name: a }\n---\nnode: { name: b }\n"))
        .singleElement()
        .asString()
        .contains("a second document");
  }

  @Test
  void aliasesAreRefused() {
    assertThat(problems("node: { name: &x a }\nlisten: { host: *x }\n"))
        .containsExactly("listen.host: an alias at test.yaml:2 (expected: the value itself)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "auth: { jwt: { hmac_secret: tooshort-hush } }",
        "auth: { jwt: { hmac_secret: { hush: 1 } } }",
        "auth: { jwt: { hmac_secret: [hush] } }",
        "internal: { api_keys: [hush] }",
        "internal: { api_keys: hush }",
        "internal: { keys: { chat: { methods: ['*'], secrets: [hush] } } }",
        "auth: hush",
      })
  void secretsAreNotShownInProblems(String yaml) {
    assertThat(problems(yaml, Map.of("TIDEGATE_LISTEN_PLAINTEXT", "true")))
        .isNotEmpty()
        .noneMatch(problem -> problem.contains("hush"));
  }

  @Test
  void aLongOrBrokenValueDoesNotFloodTheTerminal() {
    assertThat(problems("listen: { port: \"" + "9".repeat(5000) + "\\n\\e[31m\" }"))
        .singleElement()
        .asString()
        .hasSizeLessThan(200)
        .doesNotContain("\n")
        .doesNotContain("\u001b");
  }

  @Test
  void tlsOrPlaintextButNotNeitherNorBoth() throws Exception {
    Pems.certificate(directory, "a", "EC");
    Map<String, String> secretOnly = Map.of("TIDEGATE_AUTH_JWT_HMAC_SECRET", SECRET);
    assertThat(problems("", secretOnly))
        .containsExactly(
            "listen.tls: missing (expected: certificate and key, or listen.plaintext: true)");
    assertThat(problems("listen: { tls: { certificate: a.pem, key: a.key } }"))
        .containsExactly(
            "listen.plaintext: 'true' (expected: false beside listen.tls, or no listen.tls)");
  }

  @Test
  void withoutAnyKeyNobodyCouldComeInSoItIsRefused() {
    assertThat(problems("", Map.of("TIDEGATE_LISTEN_PLAINTEXT", "true")))
        .singleElement()
        .asString()
        .startsWith("auth.jwt: no key (expected: hmac_secret or public_keys");
  }

  @Test
  void filesOfTlsAreLookedInto() throws Exception {
    Pems.certificate(directory, "a", "RSA");
    Pems.certificate(directory, "b", "EC");
    Files.writeString(directory.resolve("empty"), "");
    assertThat(tls("a.pem", "b.key")).singleElement().asString().contains("the private key of the");
    assertThat(tls("missing", "a.key"))
        .containsExactly(
            "listen.tls.certificate: 'missing' (expected: a file that exists and can be read)");
    assertThat(tls("a.key", "a.pem"))
        .hasSize(2)
        .anyMatch(p -> p.startsWith("listen.tls.certificate: ") && p.contains("X.509"))
        .anyMatch(p -> p.startsWith("listen.tls.key: ") && p.contains("unencrypted PKCS#8"));
    assertThat(tls("empty", "a.key")).singleElement().asString().contains("X.509");
    Pems.certificate(directory, "c", "Ed25519");
    assertThat(tls("c.pem", "c.key")).singleElement().asString().contains("of RSA or EC");
    assertThat(problems("listen: { tls: { certificate: a.pem } }", secretOnly()))
        .containsExactly("listen.tls.key: missing (expected: a file, beside the other one)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC"})
  void aCertificateWithItsKeyIsTaken(String algorithm) throws Exception {
    Pems.certificate(directory, "a", algorithm);
    ConfigSource source =
        new ConfigSource(
            "test.yaml", "listen: { tls: { certificate: a.pem, key: a.key } }", directory);
    Config config = new ConfigLoader(secretOnly(), "box").load(source).config();
    assertThat(config.listen().tls())
        .isEqualTo(
            new TlsSettings(
                directory.resolve("a.pem"), directory.resolve("a.key"), "TLSv1.2", TlsEngine.AUTO));
  }

  @Test
  void publicKeysAreLookedInto() throws Exception {
    Pems.certificate(directory, "a", "EC");
    Pems.publicKey(directory, "b", KeyPairGenerator.getInstance("Ed25519"));
    assertThat(problems("auth: { jwt: { public_keys: [a.pem, b.pub, a.key, nowhere] } }"))
        .containsExactly(
            "auth.jwt.public_keys: 'nowhere' (expected: a file that exists and can be read)");
    var rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(1024);
    Pems.publicKey(directory, "weak", rsa);
    String two = Files.readString(directory.resolve("b.pub")).repeat(2);
    Files.writeString(directory.resolve("two.pub"), two);
    assertThat(problems("auth: { jwt: { public_keys: [a.pem, b.pub, a.key, weak.pub, two.pub] } }"))
        .containsExactly(
            refused("a.key", "PRIVATE KEY (expected: a PEM public key or certificate)"),
            refused("weak.pub", "an RSA key of 1024 bits (expected: 2048 to 8192)"),
            refused(
                "two.pub", "PUBLIC KEY, PUBLIC KEY (expected: a PEM public key or certificate)"));
    String many = String.join(", ", Collections.nCopies(17, "b.pub"));
    assertThat(problems("auth: { subscription_jwt: { public_keys: [" + many + "] } }"))
        .containsExactly("auth.subscription_jwt.public_keys: 17 keys (expected: <= 16)");
  }

  private String refused(String file, String problem) {
    return "auth.jwt.public_keys: " + directory.resolve(file) + ": " + problem;
  }

  @Test
  void anUnknownVariableIsRefusedButNotThoseThatKubernetesSets() {
    assertThat(problems("", with("TIDEGATE_LISTEN_PROT", "1")))
        .containsExactly(
            "TIDEGATE_LISTEN_PROT: unknown variable (expected: perhaps TIDEGATE_LISTEN_PORT)");
    assertThat(problems("listen: { port: x }", with("TIDEGATE_PORT", "tcp://10.0.0.1:80")))
        .hasSize(1);
    assertThat(problems("listen: { port: x }", with("TIDEGATE_A_SERVICE_PORT_HTTP", "80")))
        .hasSize(1);
    assertThat(problems("listen: { port: x }", with("TIDEGATE_PORT_80_TCP_ADDR", "10.0.0.1")))
        .hasSize(1);
  }

  @Test
  void aFileThatCannotBeReadIsToldLikeAnyOther() throws Exception {
    Path missing = directory.resolve("none.yaml");
    assertThat(
            catchThrowableOfType(ConfigException.class, () -> ConfigSource.of(missing)).problems())
        .containsExactly(
            "--config: '" + missing + "' (expected: a YAML file that exists and can be read)");
    Path latin = Files.write(directory.resolve("latin.yaml"), new byte[] {(byte) 0xe9});
    assertThat(catchThrowableOfType(ConfigException.class, () -> ConfigSource.of(latin)))
        .hasMessageContaining("in UTF-8");
  }

  private static Map<String, String> secretOnly() {
    return Map.of("TIDEGATE_AUTH_JWT_HMAC_SECRET", SECRET);
  }

  private List<String> tls(String certificate, String key) {
    return problems(
        "listen: { tls: { certificate: " + certificate + ", key: " + key + " } }", secretOnly());
  }
}
