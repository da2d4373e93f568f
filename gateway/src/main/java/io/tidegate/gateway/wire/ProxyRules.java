package io.tidegate.gateway.wire;

import java.net.InetAddress;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The PROXY protocol, versions 1 and 2, by source: a trusted proxy must send a header, which is
 * then believed, and whoever else sends one is refused.
 *
 * <p>Vert.x by itself believes everybody's header, and demands one of everybody. So a gate is put
 * in front of each connection that is accepted on a port where Vert.x expects headers; Vert.x is
 * handed what the gate let through.
 *
 * @param trusted whose headers are believed
 * @param refused told of each connection that was refused, on its event loop
 */
public record ProxyRules(Predicate<InetAddress> trusted, Consumer<ProxyRefusal> refused) {}
