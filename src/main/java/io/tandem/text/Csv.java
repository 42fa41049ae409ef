package io.tandem.text;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows as comma-separated values, RFC 4180 but for its line ends. */
public final class Csv {
  private final StringBuilder text = new StringBuilder();

  public Csv(List<String> columns) {
    text.append(String.join(",", columns)).append('\n');
  }

  public Csv row(@Nullable Object... cells) {
    text.append(Arrays.stream(cells).map(Csv::cell).collect(Collectors.joining(",")));
    text.append('\n');
    return this;
  }

  public String text() {
    return text.toString();
  }

  /** Numbers to six significant digits, without an exponent; null is an empty cell. */
  private static String cell(@Nullable Object value) {
    if (value == null) {
      return "";
    }
    if (value instanceof Double number && Double.isFinite(number)) {
      BigDecimal rounded = new BigDecimal(number).round(new MathContext(6));
      return rounded.stripTrailingZeros().toPlainString();
    }
    String written = value.toString();
    boolean plain = written.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? written : '"' + written.replace("\"", "\"\"") + '"';
  }
}
