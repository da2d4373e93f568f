package io.tidegate.loadtest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.loadtest.client.Client;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** How a publication reaches the gateway. Used by the publishers' thread. */
sealed interface Road {
  /** How long an answer is waited for. */
  Duration TIMEOUT = Duration.ofSeconds(10);

  /** Completes when it is answered; a failure's kind is its message. */
  CompletableFuture<Void> publish(int publisher, String channel, String data);

  /** Through {@code POST /api/publish}. */
  final class ServerApi implements Road {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http;
    private final Load.Api api;
    private final URI publish;

    ServerApi(Load.Api api, Executor executor) {
      this.api = api;
      publish = api.url().resolve("/api/publish");
      http =
          HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).executor(executor).build();
    }

    @Override
    public CompletableFuture<Void> publish(int publisher, String channel, String data) {
      String quoted = JSON.getNodeFactory().textNode(channel).toString();
      var request =
          HttpRequest.newBuilder(publish)
              .timeout(TIMEOUT)
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString("{\"channel\":" + quoted + ",\"data\":" + data + "}"));
      if (api.key() != null) {
        request.header("X-API-Key", api.key());
      }
      return http.sendAsync(request.build(), BodyHandlers.ofString()).thenAccept(ServerApi::check);
    }

    private static void check(HttpResponse<String> response) {
      String body = response.body();
      if (response.statusCode() != 200) {
        throw new LoadTestException("publish: status " + response.statusCode());
      }
      if (!body.startsWith("{\"result\"")) {
        throw new LoadTestException("publish: " + error(body));
      }
    }

    private static String error(String body) {
      try {
        JsonNode error = JSON.readTree(body).path("error");
        return "error " + error.path("code").asInt() + " " + error.path("message").asText();
      } catch (JsonProcessingException e) {
        return "an answer that is not JSON";
      }
    }
  }

  /** Through clients, among which the publishers are spread evenly. */
  record Clients(List<Client> clients) implements Road {
    public Clients {
      clients = List.copyOf(clients);
    }

    @Override
    public CompletableFuture<Void> publish(int publisher, String channel, String data) {
      return clients.get(publisher % clients.size()).publish(channel, data);
    }
  }
}
