package io.tidegate.gateway.conformance;

import static io.tidegate.gateway.conformance.Case.before;
import static io.tidegate.gateway.conformance.Frame.close;
import static io.tidegate.gateway.conformance.Frame.ping;
import static io.tidegate.gateway.conformance.Frame.text;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Section 7.1: closing handshakes that the server begins, and those that nobody ends. */
final class ServerCloseCases {
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Duration MOST = Duration.ofSeconds(30);

  private ServerCloseCases() {}

  static List<Case> all() {
    Map<String, Case.Talk> talks = new LinkedHashMap<>();
    talks.put("is answered, and the connection ends", peer -> peer.send(close(4444)).ends());
    talks.put(
        "is answered with another code, and the connection ends",
        peer -> peer.send(close(1000)).ends());
    talks.put(
        "is answered without a code, and the connection ends", peer -> peer.send(close()).ends());
    talks.put(
        "is answered behind messages that nobody answers",
        peer -> peer.send(text("late"), ping("late"), text("more").more(), close(4444)).ends());
    talks.put(
        "is followed by a violation, which is not answered",
        peer -> peer.send(text("late").reserved(7)).ends());
    talks.put(
        "is answered by the end of the client's stream, and the connection ends",
        peer -> peer.sendEnd().ends());
    return talks.entrySet().stream()
        .map(each -> disconnected("the server's close frame " + each.getKey(), each.getValue()))
        .toList();
  }

  /** These take as long as the server is patient: seconds. */
  static List<Case> patient() {
    return List.of(
        disconnected(
            "the server's close frame is never answered, and the connection ends in time",
            Peer::ends),
        before(
            "7.1.7",
            "a client that goes on sending after its violation is cut in time",
            target -> {
              try (Peer peer = target.open(Request.upgrade())) {
                peer.send(text("").unmasked()).refuses(1002);
                await().atMost(MOST).pollInterval(PAUSE).until(() -> cutOff(peer));
              }
            }),
        before(
            "7.1.1",
            "a client that goes on sending after the closing handshake is cut in time",
            target -> {
              try (Peer peer = target.open(Request.upgrade())) {
                peer.send(close(1000)).closes(1000);
                await().atMost(MOST).pollInterval(PAUSE).until(() -> cutOff(peer));
              }
            }));
  }

  private static Case disconnected(String text, Case.Talk then) {
    return before(
        "7.1.2",
        text,
        target -> {
          String user = UUID.randomUUID().toString();
          try (Peer peer = target.open(target.asUser(Request.upgrade(), user))) {
            peer.send(text("here")).hears(text("here"));
            target.disconnect(user, 4444);
            peer.hearsClose(4444);
            then.with(peer);
          }
        });
  }

  /** Sends once more; whether the server no longer takes it. */
  private static boolean cutOff(Peer peer) {
    try {
      peer.send(ping("still here"));
      return false;
    } catch (IOException e) {
      return true;
    }
  }
}
