package io.tandem.source;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.lang3.StringUtils;

/** Says what an exception of Spark's readers means. */
final class SparkMessage {
  private static final Pattern WITH_CODES =
      Pattern.compile("(?:\\[([A-Z0-9_.]+)] )?(.*?)(?: SQLSTATE: \\w+)?");
  private static final String ILLEGAL_TYPE = "Illegal Parquet type: ";

  private SparkMessage() {}

  /**
   * Returns the first line of the message, without a trace and Spark's codes; the type if there is
   * no message.
   */
  static String why(Throwable cause) {
    String text = String.valueOf(cause.getMessage() == null ? cause : cause.getMessage()).strip();
    Matcher spark = WITH_CODES.matcher(text.lines().findFirst().orElse(text));
    String message = spark.matches() ? spark.group(2) : text;
    if (text.startsWith("[COLUMN_ALREADY_EXISTS]")) {
      return "the names of two columns differ at most by case: %s; rename one"
          .formatted(StringUtils.substringBetween(message, "`"));
    }
    if (cause instanceof NullPointerException) { // Of Spark 3.5's Parquet, for newer types.
      return "Spark does not know the type of one of its columns; convert it, or omit it";
    }
    if (message.startsWith(ILLEGAL_TYPE)) {
      return "Spark does not read columns of the type %s; convert it, or omit it"
          .formatted(StringUtils.strip(message.substring(ILLEGAL_TYPE.length()), " ."));
    }
    return message;
  }
}
