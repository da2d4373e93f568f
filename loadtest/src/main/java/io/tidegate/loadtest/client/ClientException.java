package io.tidegate.loadtest.client;

import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** What did not work, in words that name its kind: equal failures have equal messages. */
public final class ClientException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ClientException(String kind) {
    super(kind, null, false, false);
  }

  /** The kind of any failure. */
  public static String kind(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof ClientException) {
        return String.valueOf(at.getMessage());
      }
      if (at instanceof SSLException) {
        return "tls: " + at.getMessage();
      }
      if (at instanceof TimeoutException || at instanceof ConnectTimeoutException) {
        return "no answer in time";
      }
      if (at instanceof ConnectException && String.valueOf(at.getMessage()).contains("refused")) {
        return "connection refused";
      }
      boolean wrapper =
          at instanceof CompletionException || at.getClass().getName().contains("DecoderException");
      if (!wrapper || at.getCause() == null) {
        return at.getMessage() == null ? at.toString() : at.getMessage();
      }
    }
    return "unknown";
  }
}
