package io.tidegate.gateway.auth;

import io.tidegate.gateway.protocol.NotJsonException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code caps}: {@code [{"channels": ["chat:*"], "match": "wildcard", "allow": ["sub"]}]}.
 */
final class CapabilityClaims {
  static final int MAX_CAPABILITIES = 64;
  static final int MAX_PATTERNS = 128;

  private final List<Capability> capabilities = new ArrayList<>();
  private int patterns;

  private CapabilityClaims() {}

  static List<Capability> read(ClaimReader value)
      throws AuthException, IOException, NotJsonException {
    var claims = new CapabilityClaims();
    value.array("caps", "objects", () -> claims.add(value));
    return claims.capabilities;
  }

  private void add(ClaimReader value) throws AuthException, IOException, NotJsonException {
    var entry = new Entry();
    value.object("caps", entry::take);
    capabilities.add(entry.capability());
    patterns += entry.channels.size();
    if (capabilities.size() > MAX_CAPABILITIES) {
      throw ClaimReader.bad("caps", "at most " + MAX_CAPABILITIES + " items");
    }
    if (patterns > MAX_PATTERNS) {
      throw ClaimReader.bad("caps.*.channels", "at most " + MAX_PATTERNS + " in all");
    }
  }

  private static final class Entry {
    private Set<String> channels = Set.of();
    private boolean wildcard;
    private final Set<Right> rights = EnumSet.noneOf(Right.class);

    void take(String name, ClaimReader value) throws AuthException, IOException, NotJsonException {
      String path = "caps.*." + name;
      switch (name) {
        case "channels" -> channels = value.strings(path, MAX_PATTERNS);
        case "match" -> wildcard = wildcard(path, value);
        case "allow" -> value.array(path, "rights", () -> rights.add(right(path, value)));
        default -> value.skip();
      }
    }

    // Patterns of a kind that is not known must not be taken for another kind.
    private static boolean wildcard(String path, ClaimReader value)
        throws AuthException, IOException {
      String match = value.string(path, ClaimReader.MAX_NAME_BYTES);
      if (!match.isEmpty() && !match.equals("wildcard")) {
        throw ClaimReader.bad(path, "wildcard, or none for names as they are");
      }
      return !match.isEmpty();
    }

    private static Right right(String path, ClaimReader value) throws AuthException, IOException {
      @Nullable Right right = Right.ofClaim(value.string(path, ClaimReader.MAX_NAME_BYTES));
      if (right == null) {
        throw ClaimReader.bad(path, "sub, pub, prs or hst");
      }
      return right;
    }

    Capability capability() {
      var found = new LinkedHashSet<ChannelPattern>();
      for (String channel : channels) {
        found.add(wildcard ? new ChannelPattern(channel) : ChannelPattern.exactly(channel));
      }
      return new Capability(List.copyOf(found), rights);
    }
  }
}
