package io.tidegate.loadtest.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** The protocol of docs/protocol.md. The token goes into the request and into the first frame. */
final class CentrifugeDialect implements Dialect {
  private final Errand errand;
  private final Conversation client;
  private final PushScanner scanner;
  private boolean pong;

  CentrifugeDialect(Errand errand, int dataBytes, Conversation client) {
    this.errand = errand;
    this.client = client;
    scanner = new PushScanner(dataBytes);
  }

  @Override
  public String subprotocol() {
    return "centrifuge-json";
  }

  @Override
  public Map<String, String> headers() {
    return errand.token() == null ? Map.of() : Map.of("Authorization", "Bearer " + errand.token());
  }

  @Override
  public void opened() {
    client.send(Messages.connect(errand.token()));
  }

  @Override
  public void received(byte[] bytes, int from, int to) {
    scanner.reset(bytes, from, to);
    while (scanner.nextLine()) {
      if (scanner.isPublication()) {
        client.publication(bytes, scanner.dataAt(), scanner.offset());
      } else if (scanner.isPing()) {
        client.pinged();
        if (pong) {
          client.send("{}");
        }
      } else if (scanner.publishedId() >= Messages.FIRST_PUBLISH_ID) {
        client.answered((int) scanner.publishedId() - Messages.FIRST_PUBLISH_ID, null);
      } else {
        answer(Messages.read(scanner.line()));
      }
    }
  }

  @Override
  public String publish(int id, String channel, String data) {
    return Messages.publish(Messages.FIRST_PUBLISH_ID + id, channel, data);
  }

  private void answer(Messages.Answer answer) {
    if (answer.ended() != null) {
      client.giveUp(answer.ended());
    } else if (answer.id() == Messages.CONNECT_ID) {
      connected(answer);
    } else if (answer.id() == Messages.SUBSCRIBE_ID) {
      subscribed(answer);
    } else if (answer.id() >= Messages.FIRST_PUBLISH_ID) {
      String error = answer.error() == null ? null : "publish: " + answer.error();
      client.answered(answer.id() - Messages.FIRST_PUBLISH_ID, error);
    }
  }

  private void connected(Messages.Answer answer) {
    if (answer.error() != null) {
      client.giveUp("connect: " + answer.error());
      return;
    }
    JsonNode reply = answer.body().path("connect");
    pong = reply.path("pong").asBoolean();
    client.connected(reply.path("ping").asInt());
    if (errand.channel() == null) {
      client.ready(false);
    } else {
      client.send(Messages.subscribe(errand.channel()));
    }
  }

  private void subscribed(Messages.Answer answer) {
    if (answer.error() != null) {
      client.giveUp("subscribe: " + answer.error());
    } else {
      client.ready(answer.body().path("subscribe").path("positioned").asBoolean());
    }
  }
}
