package io.tandem.text;

import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import com.univocity.parsers.csv.CsvWriter;
import com.univocity.parsers.csv.CsvWriterSettings;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows as comma-separated values: RFC 4180, with {@code \n} at the end of each line; and
 * reads the cells of such texts. The library is the one that Spark's own CSV format uses. A text
 * that a spreadsheet would take for a formula begins with an apostrophe.
 */
public final class Csv {
  private static final Pattern FORMULA = Pattern.compile("[=+\\-@](?!$)|[\\t\\r]");

  private final StringWriter text = new StringWriter();
  private final CsvWriter writer = new CsvWriter(text, settings());

  /** Starts with the line of the columns' names. */
  public Csv(List<String> columns) {
    writer.writeRow(columns);
  }

  /**
   * Returns the cells of a text as they are written, with their quotes, row by row, the header's
   * first. Rows without text are left out.
   *
   * @param escape what stands before a quote inside a quoted cell
   */
  public static List<List<String>> rows(String text, char separator, char escape) {
    CsvParserSettings settings = new CsvParserSettings();
    settings.getFormat().setDelimiter(separator);
    settings.getFormat().setQuoteEscape(escape);
    settings.getFormat().setComment('\0');
    settings.setLineSeparatorDetectionEnabled(true);
    settings.setMaxCharsPerColumn(-1);
    settings.setKeepQuotes(true);
    settings.setKeepEscapeSequences(true);
    settings.setNullValue("");
    settings.setEmptyValue("");
    return new CsvParser(settings).parseAll(new StringReader(text)).stream().map(List::of).toList();
  }

  private static CsvWriterSettings settings() {
    CsvWriterSettings settings = new CsvWriterSettings();
    settings.getFormat().setLineSeparator("\n");
    settings.getFormat().setQuoteEscape('"');
    settings.getFormat().setComment('\0');
    settings.setNormalizeLineEndingsWithinQuotes(false);
    settings.setQuoteEscapingEnabled(true);
    settings.trimValues(false);
    settings.setSkipEmptyLines(false);
    settings.setEmptyValue("");
    settings.setMaxCharsPerColumn(-1);
    return settings;
  }

  /** Adds a row; null is an empty cell. */
  public Csv row(@Nullable Object... cells) {
    writer.writeRow(Arrays.stream(cells).map(Csv::cell).toArray(String[]::new));
    return this;
  }

  /** Returns the lines written so far, each ended. */
  public String text() {
    writer.flush();
    return text.toString();
  }

  /** Writes numbers with six significant digits and without an exponent. */
  private static @Nullable String cell(@Nullable Object value) {
    if (value instanceof Double number && Double.isFinite(number)) {
      BigDecimal rounded = new BigDecimal(number).round(new MathContext(6));
      return rounded.stripTrailingZeros().toPlainString();
    }
    if (value == null || value instanceof Number) {
      return value == null ? null : value.toString();
    }
    String shown = Printable.whole(value.toString());
    return FORMULA.matcher(shown).lookingAt() ? "'" + shown : shown;
  }
}
