package io.tidegate.gateway.conformance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All cases, by what they are about. */
final class Conformance {
  /** What {@link #patient} is about. */
  static final String PATIENT = "Closing handshake: never ended";

  private Conformance() {}

  /** Cases that take as long as the server is patient: seconds. */
  static List<Case> patient() {
    return ServerCloseCases.patient();
  }

  static Map<String, List<Case>> areas() {
    Map<String, List<Case>> areas = new LinkedHashMap<>();
    areas.put("Opening handshake: accepted", HandshakeCases.all());
    areas.put("Opening handshake: refused", RefusalCases.all());
    areas.put("Framing", FramingCases.all());
    areas.put("Lengths", LengthCases.all());
    areas.put("Fragmentation", FragmentCases.all());
    areas.put("Pings and pongs", ControlCases.all());
    areas.put("Closing handshake", CloseCases.all());
    areas.put("Closing handshake: begun by the server", ServerCloseCases.all());
    areas.put("UTF-8", Utf8Cases.all());
    areas.put("permessage-deflate: offers", OfferCases.all());
    areas.put("permessage-deflate: from the client", DeflateCases.all());
    areas.put("permessage-deflate: refused", DeflateErrorCases.all());
    areas.put("permessage-deflate: from the server", ServerDeflateCases.all());
    return areas;
  }
}
