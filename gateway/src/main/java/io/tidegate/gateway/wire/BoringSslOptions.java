package io.tidegate.gateway.wire;

import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import javax.net.ssl.KeyManagerFactory;

/**
 * BoringSSL as a server that gets many connections with one certificate. Sessions are resumed by
 * tickets alone (RFC 8446 section 2.2, RFC 5077): the client keeps the state, encrypted with a key
 * that BoringSSL makes for this process and replaces every other day.
 */
final class BoringSslOptions extends OpenSSLEngineOptions {
  BoringSslOptions() {
    // Of sessions without tickets, which only old clients have; 20,480 of them would be kept.
    setSessionCacheEnabled(false);
  }

  @Override
  public SslContextFactory sslContextFactory() {
    return new Contexts(isSessionCacheEnabled());
  }

  private static final class Contexts extends DefaultSslContextFactory {
    Contexts(boolean sessionCache) {
      super(SslProvider.OPENSSL, sessionCache);
    }

    /** Or else the key would be parsed anew for each handshake. */
    @Override
    public SslContextFactory keyMananagerFactory(KeyManagerFactory keys) {
      return super.keyMananagerFactory(new OpenSslCachingX509KeyManagerFactory(keys));
    }
  }
}
