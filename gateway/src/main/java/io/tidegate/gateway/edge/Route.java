package io.tidegate.gateway.edge;

import io.tidegate.gateway.protocol.ClientProtocol;
import io.tidegate.gateway.session.RawRoute;
import org.jspecify.annotations.Nullable;

/**
 * What a path of the public port leads to.
 *
 * @param subprotocol the name that a client may offer for it
 * @param raw absent where clients speak the protocol
 */
record Route(ClientProtocol protocol, String subprotocol, @Nullable RawRoute raw) {}
