/**
 * RFC 6455 and RFC 7692, section by section, against a node's raw echo route: tables of cases, and
 * a client that writes any bytes and reads only right ones. Its parser, its inflater and its tables
 * are written from the RFCs and share no code with the node.
 */
@NullMarked
package io.tidegate.gateway.conformance;

import org.jspecify.annotations.NullMarked;
