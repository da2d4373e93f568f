package io.tidegate.loadtest;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Sizes as people write them: {@code 512B}, {@code 64KiB}, {@code 1MiB}. Stateless. */
final class SizeConverter implements ITypeConverter<Long> {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(B|KiB|MiB)");

  @Override
  public Long convert(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new TypeConversionException("'" + text + "' (expected: a size such as 8KiB)");
    }
    long amount = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "KiB" -> amount << 10;
      case "MiB" -> amount << 20;
      default -> amount;
    };
  }
}
