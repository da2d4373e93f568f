package io.tidegate.gateway.edge;

/** An upgrade that ends without its 101; fails chains of futures only. */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Refused refused;

  RefusedException(Refused refused) {
    super(refused.label(), null, false, false);
    this.refused = refused;
  }

  Refused refused() {
    return refused;
  }
}
