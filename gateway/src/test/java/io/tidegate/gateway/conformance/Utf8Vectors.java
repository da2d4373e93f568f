package io.tidegate.gateway.conformance;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Sequences of bytes at the borders of RFC 3629 section 4, and beyond. The valid ones are no longer
 * than the node's bound on fragments.
 */
final class Utf8Vectors {
  static final Map<String, String> VALID =
      map(
          "U+0000, the first of one byte: 00",
          "U+007F, the last of one byte: 7f",
          "U+0080, the first of two bytes: c2 80",
          "U+07FF, the last of two bytes: df bf",
          "U+0800, the first of three bytes: e0 a0 80",
          "U+0FFF, the last behind e0: e0 bf bf",
          "U+D7FF, the last before the surrogates: ed 9f bf",
          "U+E000, the first after the surrogates: ee 80 80",
          "U+FFFD, the replacement character: ef bf bd",
          "U+FFFE, a noncharacter: ef bf be",
          "U+FFFF, the last of three bytes: ef bf bf",
          "U+FEFF, a byte order mark at the start: ef bb bf 61",
          "U+FDD0, a noncharacter inside the plane: ef b7 90",
          "U+10000, the first of four bytes: f0 90 80 80",
          "U+3FFFF, the last behind f0: f0 bf bf bf",
          "U+1FFFE, a noncharacter of plane 1: f0 9f bf be",
          "U+FFFFF, the last behind f3: f3 bf bf bf",
          "U+10FFFF, the last of all: f4 8f bf bf",
          "Greek with two and three bytes: ce ba e1 bd b9 cf 83 ce bc ce b5",
          "ASCII around a dollar: 68 65 6c 6c 6f 24 77 6f 72 6c 64",
          "ASCII around a cent: 68 65 6c 6c 6f c2 a2 77 6f 72 6c 64",
          "ASCII around a euro: 68 65 6c 6c 6f e2 82 ac 77 6f 72 6c 64",
          "ASCII around a Han character of four bytes: 68 65 6c 6c 6f f0 a4 ad a2 77 6f 72 6c 64",
          "all lengths in turn: 61 c3 a9 e2 82 ac f0 9f 8c 8d e2 82 ac c3 a9 61");

  /** With a bar behind the first byte that no valid text can have there. */
  static final Map<String, String> INVALID =
      map(
          "a continuation byte alone (80): 80|",
          "a continuation byte alone (bf): bf|",
          "continuation bytes only: 80| bf 80 bf 80 bf",
          "a continuation byte after ASCII: 61 80|",
          "a continuation byte too many after two: c3 a9 80|",
          "a continuation byte too many after three: e2 82 ac 80|",
          "a continuation byte too many after four: f0 9f 8c 8d 80|",
          "c0, which never occurs: c0|",
          "c1, which never occurs: c1|",
          "f5, which never occurs: f5|",
          "f7, of 21 bits that are too many: f7| bf bf bf",
          "f8, the first of five bytes: f8| 88 80 80 80",
          "fb, the last of five bytes: fb| bf bf bf bf",
          "fc, the first of six bytes: fc| 84 80 80 80 80",
          "fd, the last of six bytes: fd| bf bf bf bf bf",
          "fe, which never occurs: fe|",
          "ff, which never occurs: ff|",
          "a UTF-16 byte order mark: fe| ff ff fe",
          "an overlong slash of two bytes: c0| af",
          "an overlong slash of three bytes: e0 80| af",
          "an overlong slash of four bytes: f0 80| 80 af",
          "an overlong slash of five bytes: f8| 80 80 80 af",
          "an overlong slash of six bytes: fc| 80 80 80 80 af",
          "an overlong NUL of two bytes: c0| 80",
          "an overlong NUL of three bytes: e0 80| 80",
          "an overlong NUL of four bytes: f0 80| 80 80",
          "U+007F, the last overlong of two bytes: c1| bf",
          "U+07FF, the last overlong of three bytes: e0 9f| bf",
          "U+FFFF, the last overlong of four bytes: f0 8f| bf bf",
          "U+D800, the first surrogate: ed a0| 80",
          "U+DB7F, a surrogate: ed ad| bf",
          "U+DB80, a surrogate: ed ae| 80",
          "U+DBFF, the last high surrogate: ed af| bf",
          "U+DC00, the first low surrogate: ed b0| 80",
          "U+DF80, a surrogate: ed be| 80",
          "U+DFFF, the last surrogate: ed bf| bf",
          "a pair of surrogates: ed a0| 80 ed b0 80",
          "U+110000, the first above all: f4 90| 80 80",
          "U+13FFFF, far above all: f4 bf| bf bf",
          "c2 before ASCII: c2 20|",
          "df before another first byte: df df|",
          "e1 before ASCII: e1 20|",
          "e1 80 before ASCII: e1 80 20|",
          "e1 80 before another first byte: e1 80 e1| 80 80",
          "f1 before ASCII: f1 20|",
          "f1 80 before ASCII: f1 80 20|",
          "f1 80 80 before ASCII: f1 80 80 20|",
          "f1 80 80 before c2: f1 80 80 c2| 80",
          "Greek with a surrogate in it: ce ba e1 bd b9 cf 83 ce bc ce b5 ed a0| 80 65",
          "Greek with U+110000 in it: ce ba e1 bd b9 cf 83 ce bc ce b5 f4 90| 80 80 65");

  static final Map<String, String> UNFINISHED =
      map(
          "c2 without its second byte: c2",
          "df without its second byte: 61 df",
          "e0 a0 without its third byte: e0 a0",
          "ed without its second byte: ed",
          "ed 9f without its third byte: ed 9f",
          "ef bf without its third byte: ef bf",
          "f0 90 without its third byte: f0 90",
          "f0 90 80 without its fourth byte: f0 90 80",
          "f4 without its second byte: f4",
          "f4 8f bf without its fourth byte: f4 8f bf",
          "Greek whose last character is cut off: ce ba e1 bd b9 cf 83 ce bc ce");

  private Utf8Vectors() {}

  private static Map<String, String> map(String... entries) {
    var map = new LinkedHashMap<String, String>();
    Arrays.stream(entries)
        .forEach(
            entry -> {
              int colon = entry.lastIndexOf(": ");
              map.put(entry.substring(0, colon), entry.substring(colon + 2));
            });
    return map;
  }
}
