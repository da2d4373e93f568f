package io.tidegate.gateway.auth;

/** Who may do something in a namespace; several may be named, and any that fits suffices. */
public enum Who {
  /** Every connected client, anonymous ones too. */
  ANYONE,
  /** Clients with a user. */
  AUTHENTICATED,
  /** Clients that are subscribed to the channel now. */
  SUBSCRIBER,
  /** Clients whose token grants it. */
  TOKEN,
  /** No client; backend services only, by the server API. */
  SERVICE,
  /** No client. */
  NOBODY
}
