package io.tidegate.gateway.testing;

import static java.util.Objects.requireNonNull;

import io.tidegate.gateway.auth.Authenticator;
import io.tidegate.gateway.auth.Identity;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Knows who it is when the test says so, on the test's thread, as a slow service would. */
public final class HeldAuthenticator implements Authenticator {
  private final BlockingQueue<Question> questions = new LinkedBlockingQueue<>();
  private @Nullable Authenticator behind;

  private record Question(String token, Promise<Identity> answer) {}

  /** Takes the place of the one that knows. */
  public Authenticator before(Authenticator knowing) {
    behind = knowing;
    return this;
  }

  @Override
  public Future<Identity> authenticate(String token) {
    Promise<Identity> answer = Promise.promise();
    questions.add(new Question(token, answer));
    return answer.future();
  }

  /** Waits for a question; what is returned answers it. */
  public Runnable asked() {
    try {
      Question question = questions.poll(20, TimeUnit.SECONDS);
      if (question == null) {
        throw new AssertionError("authenticator: not asked");
      }
      Authenticator knowing = requireNonNull(behind, "behind");
      return () -> knowing.authenticate(question.token).onComplete(question.answer);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
