package io.tidegate.gateway.session;

import io.tidegate.backplane.Payload;
import io.tidegate.backplane.ServiceAnswer;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.protocol.Command;
import io.tidegate.gateway.protocol.ErrorCode;
import io.tidegate.gateway.protocol.Reply;
import io.tidegate.gateway.service.ServiceCaller;
import io.vertx.core.Future;
import java.util.function.Supplier;

/** Commands that backend services handle. Confined to its event loop. */
final class ServiceCommands {
  private static final int METHOD_LENGTH = 255;

  private final SessionNode node;

  ServiceCommands(SessionNode node) {
    this.node = node;
  }

  Future<Reply> rpc(Session session, Command.Rpc command) {
    if (!node.services().takesRpc()) {
      throw new Refusal(ErrorCode.NOT_AVAILABLE, "rpc: no service");
    }
    String method = command.method();
    if (method.length() > METHOD_LENGTH) {
      throw new Refusal(
          ErrorCode.BAD_REQUEST, "method: (expected: at most " + METHOD_LENGTH + " characters)");
    }
    ServiceCaller service = node.services().rpc(method);
    if (service == null) {
      throw new Refusal(ErrorCode.METHOD_NOT_FOUND, "");
    }
    Payload data = ClientData.json(session, "rpc.data", command.data());
    return bounded(session, () -> service.request(method, data, session.info()));
  }

  Future<Reply> send(Session session, Command.Send command) {
    ServiceCaller service = node.services().send();
    if (service == null) {
      throw new Refusal(ErrorCode.NOT_AVAILABLE, "send: no service", CloseCode.NOT_AVAILABLE);
    }
    Payload data = ClientData.json(session, "send.data", command.data());
    return bounded(session, () -> service.send(data, session.info()));
  }

  private Future<Reply> bounded(Session session, Supplier<Future<ServiceAnswer>> call) {
    if (session.callsInFlight >= node.services().callsInFlight()) {
      node.metrics().limitHit("calls_in_flight");
      throw new Refusal(ErrorCode.TOO_MANY_REQUESTS, "calls_in_flight");
    }
    session.callsInFlight++;
    return call.get().onComplete(done -> session.callsInFlight--).map(ServiceCommands::reply);
  }

  private static Reply reply(ServiceAnswer answer) {
    return answer.isError()
        ? new Reply.ServiceFailed(answer.code(), answer.text())
        : new Reply.Rpc(answer.data());
  }
}
