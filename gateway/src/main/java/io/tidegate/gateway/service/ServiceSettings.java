package io.tidegate.gateway.service;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.InboxPolicy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A service, and how it is reached. */
public sealed interface ServiceSettings {
  /** The kinds of way. */
  enum Type {
    HTTP,
    STREAM
  }

  String name();

  /** From taking a message to the end of the answer. */
  Duration timeout();

  /** Bytes of an answer. */
  int maxAnswer();

  /**
   * Behind HTTP.
   *
   * @param url where messages are posted to
   * @param secrets of the signature, {@code whsec_...}; each signs
   * @param certificateAuthority PEM file with whom to trust in place of Java's list
   * @param concurrency requests under way at most, from this node
   * @param waiting messages that may wait for a place; more are refused at once
   */
  record Http(
      String name,
      URI url,
      List<String> secrets,
      @Nullable Path certificateAuthority,
      Duration timeout,
      int concurrency,
      int waiting,
      int maxAnswer,
      BreakerSettings breaker)
      implements ServiceSettings {
    public Http {
      requireNonNull(name, "name");
      requireNonNull(url, "url");
      requireNonNull(timeout, "timeout");
      requireNonNull(breaker, "breaker");
      secrets = List.copyOf(secrets);
      if (secrets.isEmpty()) {
        throw new IllegalArgumentException("secrets: none (expected: at least one)");
      }
      if (concurrency < 1) {
        throw new IllegalArgumentException("concurrency: " + concurrency + " (expected: >= 1)");
      }
      if (waiting < 0) {
        throw new IllegalArgumentException("waiting: " + waiting + " (expected: >= 0)");
      }
    }
  }

  /** Behind an inbox of the backplane. */
  record Stream(String name, Duration timeout, int maxAnswer, InboxPolicy inbox)
      implements ServiceSettings {
    public Stream {
      requireNonNull(name, "name");
      requireNonNull(timeout, "timeout");
      requireNonNull(inbox, "inbox");
    }
  }
}
