package io.tidegate.gateway.wire;

import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * BoringSSL as a server that gets many connections with one certificate. Sessions are resumed by
 * tickets alone (RFC 8446 section 2.2, RFC 5077): the client keeps the state, encrypted with a key
 * that BoringSSL makes for this process and replaces every other day.
 */
final class BoringSslOptions extends OpenSSLEngineOptions {
  /**
   * Bytes that each connection has, for as long as it lives, for what BoringSSL says while it
   * reads; the rest waits for the next write. Netty's own choice is 2,048.
   */
  private static final int WRITE_AHEAD = 512;

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

    @Override
    public SslContext create() throws SSLException {
      SslContext context = super.create();
      if (context instanceof ReferenceCountedOpenSslContext boring) {
        boring.setBioNonApplicationBufferSize(WRITE_AHEAD);
      }
      return new Merging(context);
    }

    /** Or else the key would be parsed anew for each handshake. */
    @Override
    public SslContextFactory keyMananagerFactory(KeyManagerFactory keys) {
      return super.keyMananagerFactory(new OpenSslCachingX509KeyManagerFactory(keys));
    }
  }

  /**
   * Copies what has come of a record together. With Netty's choice for BoringSSL, buffers as they
   * were read, a record of 16 KiB that comes byte by byte holds a read buffer for each byte: 64
   * MiB.
   */
  private static final class Merging extends DelegatingSslContext {
    Merging(SslContext context) {
      super(context);
    }

    @Override
    protected void initEngine(SSLEngine engine) {}

    @Override
    protected void initHandler(SslHandler handler) {
      handler.setCumulator(ByteToMessageDecoder.MERGE_CUMULATOR);
    }
  }
}
