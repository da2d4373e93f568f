package io.tidegate.gateway.config;

import java.util.List;
import java.util.Map;

/** Writes the page that explains every key. */
final class Reference {
  private static final String HEAD =
      """
      # Configuration

      <!-- Generated: change the declarations in the package io.tidegate.gateway.config, then
           gateway/bin/tidegate config reference > docs/configuration.md -->

      A node reads one YAML file, `serve --config FILE`. Each key can also be set by a variable of the
      environment, which goes before the file: `listen.port` is `TIDEGATE_LISTEN_PORT`, dots and hyphens
      become `_`, lists are written with commas. A key without a value and an empty variable count as not
      set. Relative paths begin at the directory of the file.

      Durations are written `250ms`, `30s`, `5m`, `1h`; sizes `64KiB`, `1MiB`, or as a number of bytes.
      Values are taken as they are written (`007` is not 7), and aliases, tags and a key that stands twice are
      refused. So is every key that is not on this page, in the file and in the environment alike, apart from
      the variables that Kubernetes sets for services.

      `config check` tells all problems at once, each as `key: 'value' (expected: ...)`, and exits with 2;
      `config print` shows the effective configuration, with secrets masked, and where each value is from.

      Where `who` may do something is asked, any of these can be listed: `anyone` (anonymous clients too),
      `authenticated` (clients with a user), `subscriber` (of this channel, now), `token` (whose token names the
      channel), `service` (no client: services, which may do everything by the server API), `nobody`.

      The smallest useful file:

      ```yaml
      listen:
        tls: { certificate: server.pem, key: server.key }
      auth:
        jwt: { hmac_secret: "at least thirty-two random characters" }
      internal:
        api_keys: ["at least sixteen random characters"]
      ```
      """;

  private Reference() {}

  static String render(Reading reading) {
    var page = new StringBuilder(HEAD);
    for (Map.Entry<String, String> section : reading.sections().entrySet()) {
      page.append("\n## `").append(section.getKey()).append("`\n\n");
      page.append(section.getValue()).append('\n');
      List<Setting> settings =
          reading.settings().stream().filter(s -> s.section().equals(section.getKey())).toList();
      if (!settings.isEmpty()) {
        page.append("\n| key | value | default | what it is for |\n|---|---|---|---|\n");
        settings.forEach(setting -> page.append(row(setting)));
      }
    }
    return page.toString();
  }

  private static String row(Setting setting) {
    String type = (setting.list() ? "a list, each " : "") + setting.expected();
    return "| `%s` | %s | %s | %s |%n"
        .formatted(setting.key(), type, fallback(setting), setting.text())
        .replace("\r\n", "\n");
  }

  private static String fallback(Setting setting) {
    List<String> defaults = setting.defaults();
    if (defaults == null) {
      return "none";
    }
    return setting.list() ? "`[" + String.join(", ", defaults) + "]`" : "`" + defaults.get(0) + "`";
  }
}
