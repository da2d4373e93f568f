package io.tidegate.gateway.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.auth.Identity;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.auth.Namespaces;
import io.tidegate.gateway.auth.SubscriptionOptions;
import io.tidegate.gateway.auth.SubscriptionOptions.Overrides;
import io.tidegate.gateway.auth.Who;
import io.tidegate.gateway.hub.Hub;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.protocol.RawProtocol;
import io.tidegate.gateway.protocol.UnsubscribeCode;
import io.tidegate.gateway.testing.HeldBackplane;
import io.tidegate.gateway.testing.HeldNode;
import io.tidegate.gateway.testing.Loop;
import io.tidegate.gateway.testing.RawRoutes;
import io.tidegate.gateway.testing.ServerFrames;
import io.tidegate.gateway.testing.TestNamespace;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A raw session between its 101 and its welcome, in every order that may happen. */
final class RawOpeningTest {
  private static final RawRoute ROUTE =
      new RawRoute(
          "r",
          List.of(RawRoutes.template("a:1"), RawRoutes.template("a:2")),
          null,
          null,
          true,
          false,
          "welcome");

  private final Loop loop = new Loop();
  private final HeldBackplane backplane = new HeldBackplane();
  private final Namespaces namespaces = new Namespaces(namespace(""), List.of(namespace("a")), 255);
  private final Hub hub = new Hub(backplane, namespaces::published);
  private final Socket socket = new Socket();
  private final SessionLoop sessions =
      loop.call(
          () -> new SessionLoop(HeldNode.of(loop, backplane, namespaces), hub, loop.context()));

  private static Namespace namespace(String name) {
    return new TestNamespace(name).subscribe(Who.ANYONE).build();
  }

  @BeforeEach
  void open() {
    var use = new RawUse(ROUTE, List.of("a:1", "a:2"), null);
    loop.run(() -> sessions.open(socket, new RawProtocol(), Identity.ANONYMOUS, use));
    loop.until(() -> backplane.joins.size() == 2);
  }

  @AfterEach
  void close() {
    loop.close();
  }

  private void join(int channel) {
    loop.run(() -> backplane.joins.get(channel - 1).complete(new StreamPosition("e", 0)));
  }

  private Future<Void> subscribe(int channel, Overrides overrides) {
    var options = new SubscriptionOptions(null, null, Identity.NEVER, overrides);
    return loop.call(() -> session().subscribe("a:" + channel, options, null));
  }

  private Session session() {
    List<Session> all = new ArrayList<>();
    sessions.forEach(all::add);
    return all.get(0);
  }

  private void send(String... frames) {
    for (String frame : frames) {
      loop.run(() -> socket.handler().message(frame.getBytes(UTF_8), true));
    }
  }

  /** A member who comes, and a publication, in one pass. */
  private void publish(int channel, long offset, String data) {
    var publication = new Publication(offset, Payload.utf8(data), null, Map.of(), 1);
    loop.run(
        () -> {
          hub.joined("a:" + channel, new ClientInfo("other", "bob", null, null));
          hub.publication("a:" + channel, "e", publication);
        });
  }

  @Test
  void whatComesBeforeTheChannelsAreJoinedFollowsTheWelcomeInOrder() {
    send("1", "2");
    join(2);
    send("3");
    assertThat(socket.frames).isEmpty();
    join(1);
    send("4");
    loop.until(() -> socket.frames.size() == 5);
    assertThat(socket.frames).containsExactly("welcome", "1", "2", "3", "4");
  }

  @Test
  void whatIsPublishedBeforeTheLastChannelIsJoinedFollowsTheWelcome() {
    join(1);
    publish(1, 1, "\"early\"");
    loop.run(() -> {});
    assertThat(socket.frames).isEmpty();
    join(2);
    publish(2, 1, "\"late\"");
    loop.until(() -> socket.frames.size() == 3);
    assertThat(socket.frames).containsExactly("welcome", "\"early\"", "\"late\"");
  }

  @Test
  void whatABackendDoesBeforeTheLastChannelIsJoinedFollowsTheWelcome() {
    loop.run(() -> session().tell(Payload.utf8("message")));
    join(1);
    assertThat(loop.call(() -> session().unsubscribe("a:1", UnsubscribeCode.SERVER))).isTrue();
    Future<Void> again = subscribe(1, Overrides.NONE);
    assertThat(socket.frames).isEmpty();
    join(2);
    loop.until(() -> backplane.leaves.size() == 1);
    loop.run(() -> backplane.leaves.get(0).complete());
    loop.until(() -> backplane.joins.size() == 3);
    join(3);
    loop.until(again::succeeded);
    assertThat(socket.frames).containsExactly("welcome", "message");
    assertThat(sessions.subscriptions()).isEqualTo(2);
  }

  @Test
  void whoComesIsNotToldWhateverABackendSays() {
    join(1);
    join(2);
    var forced = new Overrides(null, null, true, null, null);
    Future<Void> subscribed = subscribe(3, forced);
    loop.until(() -> backplane.joins.size() == 3);
    join(3);
    loop.until(subscribed::succeeded);
    publish(3, 1, "\"with a join\"");
    loop.until(() -> socket.frames.size() == 2);
    assertThat(socket.frames).containsExactly("welcome", "\"with a join\"");
  }

  @Test
  void whereAChannelCannotBeJoinedNothingIsTaken() {
    send("1");
    join(1);
    loop.run(
        () ->
            backplane
                .joins
                .get(1)
                .fail(
                    new BackplaneException(BackplaneException.Reason.UNAVAILABLE, "for the test")));
    loop.until(() -> socket.code != 0);
    assertThat(socket.code).isEqualTo(CloseCode.SERVER_ERROR.code());
    assertThat(socket.frames).isEmpty();
    loop.until(() -> backplane.asked.contains("leave a:1"));
  }

  @Test
  void whoGoesMeanwhileLeavesNothingBehind() {
    send("1");
    loop.run(() -> socket.handler().closed("client"));
    join(1);
    join(2);
    loop.until(() -> backplane.asked.containsAll(List.of("leave a:1", "leave a:2")));
    assertThat(socket.frames).isEmpty();
    assertThat(sessions.subscriptions()).isZero();
  }

  @Test
  void whereThereIsNoMemoryForTheLastFramesTheConnectionClosesAllTheSame() {
    join(1);
    loop.run(
        () -> {
          socket.exhausted = true;
          backplane.joins.get(1).complete(new StreamPosition("e", 0));
          sessions.forEach(session -> session.tell(Payload.utf8("last")));
          sessions.closeAll(CloseCode.SHUTDOWN);
        });
    assertThat(socket.code).isEqualTo(CloseCode.SHUTDOWN.code());
    assertThat(socket.frames).isEmpty();
  }

  @Test
  void framesThatWaitAreBounded() {
    for (int i = 0; i <= 128; i++) {
      send("x");
    }
    loop.until(() -> socket.code != 0);
    assertThat(socket.code).isEqualTo(CloseCode.TOO_MANY_REQUESTS.code());
  }

  /** What a session writes. Confined to the loop, as the session. */
  private static final class Socket implements Connection {
    private final List<String> frames = new ArrayList<>();
    private boolean exhausted;
    private int code;
    private @Nullable ConnectionHandler handler;

    ConnectionHandler handler() {
      return Objects.requireNonNull(handler);
    }

    @Override
    public void maxMessage(int bytes) {}

    @Override
    public void handler(ConnectionHandler next) {
      handler = next;
    }

    @Override
    public void write(ByteBuf written) {
      if (exhausted) {
        written.release();
        throw new OutOfMemoryError("as intended");
      }
      frames.addAll(ServerFrames.texts(written));
      written.release();
    }

    @Override
    public int deflatable() {
      return 0;
    }

    @Override
    public void ping() {}

    @Override
    public void flush() {}

    @Override
    public int pendingBytes() {
      return 0;
    }

    @Override
    public void close(int closeCode, String reason) {
      code = closeCode;
    }

    @Override
    public String remoteAddress() {
      return "test";
    }
  }
}
