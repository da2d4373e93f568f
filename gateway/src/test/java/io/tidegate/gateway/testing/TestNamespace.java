package io.tidegate.gateway.testing;

import io.tidegate.backplane.StreamPolicy;
import io.tidegate.gateway.auth.ChannelPattern;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.auth.Who;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A namespace of a test, in which nobody may do and nothing is on but what is said. */
public final class TestNamespace {
  private final String name;
  private StreamPolicy stream = StreamPolicy.NO_HISTORY;
  private boolean recover;
  private boolean positioned;
  private boolean presence;
  private boolean joinLeave;
  private boolean pushJoinLeave;
  private boolean json = true;
  private boolean newestOnly;
  private boolean userLimited;
  private @Nullable ChannelPattern names;
  private Set<Who> subscribe = Set.of();
  private Set<Who> publish = Set.of();
  private Set<Who> readHistory = Set.of();
  private Set<Who> readPresence = Set.of();

  /**
   * A namespace.
   *
   * @param name empty for that of channels without one
   */
  public TestNamespace(String name) {
    this.name = name;
  }

  public TestNamespace history(int size, Duration ttl) {
    stream = new StreamPolicy(size, ttl);
    return this;
  }

  public TestNamespace recover(boolean on) {
    recover = on;
    return this;
  }

  public TestNamespace positioned(boolean on) {
    positioned = on;
    return this;
  }

  public TestNamespace presence(boolean on) {
    presence = on;
    return this;
  }

  public TestNamespace joinLeave() {
    joinLeave = true;
    return this;
  }

  public TestNamespace pushJoinLeave() {
    pushJoinLeave = true;
    return this;
  }

  public TestNamespace json(boolean only) {
    json = only;
    return this;
  }

  public TestNamespace newestOnly(boolean on) {
    newestOnly = on;
    return this;
  }

  public TestNamespace userLimited() {
    userLimited = true;
    return this;
  }

  public TestNamespace names(String pattern) {
    names = new ChannelPattern(pattern);
    return this;
  }

  public TestNamespace subscribe(Who... who) {
    subscribe = Set.of(who);
    return this;
  }

  public TestNamespace publish(Who... who) {
    publish = Set.of(who);
    return this;
  }

  public TestNamespace readHistory(Who... who) {
    readHistory = Set.of(who);
    return this;
  }

  public TestNamespace readPresence(Who... who) {
    readPresence = Set.of(who);
    return this;
  }

  /** All four. */
  public TestNamespace may(Who... who) {
    return subscribe(who).publish(who).readHistory(who).readPresence(who);
  }

  public Namespace build() {
    return new Namespace(
        name,
        stream,
        recover,
        positioned,
        presence,
        joinLeave,
        subscribe,
        publish,
        readHistory,
        readPresence,
        json,
        newestOnly,
        pushJoinLeave,
        userLimited,
        names);
  }
}
