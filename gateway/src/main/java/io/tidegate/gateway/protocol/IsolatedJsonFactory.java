package io.tidegate.gateway.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.core.json.UTF8StreamJsonParser;
import com.fasterxml.jackson.core.sym.ByteQuadsCanonicalizer;

/**
 * Parsers that read bytes as UTF-8, whatever they look like, and share nothing with each other.
 *
 * <p>The stock factory takes bytes that look like UTF-16 or UTF-32 for that, skips byte order
 * marks, and keeps field names in a table common to all parsers, where a hostile client's names
 * stay for long and each new name copies the table. Here every parser has a table of its own.
 */
final class IsolatedJsonFactory extends JsonFactory {
  private static final long serialVersionUID = 1L;

  /** Arrays and objects inside each other. */
  static final int MAX_DEPTH = 500;

  /** Characters of one number. */
  static final int MAX_NUMBER_LENGTH = 1_000;

  /** Bytes of one field name. */
  static final int MAX_NAME_LENGTH = 50_000;

  IsolatedJsonFactory() {
    super(
        new JsonFactoryBuilder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxNameLength(MAX_NAME_LENGTH)
                    .build()));
  }

  @Override
  protected JsonParser _createParser(byte[] data, int offset, int length, IOContext context) {
    ByteQuadsCanonicalizer names =
        ByteQuadsCanonicalizer.createRoot().makeChild(getFactoryFeatures());
    return new UTF8StreamJsonParser(
        context, getParserFeatures(), null, null, names, data, offset, offset + length, 0, false);
  }
}
