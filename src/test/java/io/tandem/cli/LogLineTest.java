package io.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What conf/log4j2.properties makes of a message is one ended line without secrets. */
final class LogLineTest {
  @ParameterizedTest
  @CsvSource({
    "plain, plain",
    "'\u001b[31mred\u009b\nnext', ' [31mred next'",
    "at s3a://KEY:SECRET@bucket/x, at s3a://(redacted)@bucket/x",
    "at s3a://KEY:SE/CRET@bucket, at s3a://(redacted)@bucket",
    "at hdfs://host:8020/a@b, at hdfs://host:8020/a@b",
  })
  void message(String message, String line) {
    assertThat(line(message, null)).endsWith("ERROR L: %s\n".formatted(line));
  }

  @Test
  void exception_isOnTheSameLine_whichEnds() {
    Exception thrown =
        new IllegalStateException("s3a://KEY:SECRET@bucket\nmore", new IOException());
    assertThat(line("cannot", thrown))
        .contains("ERROR L: cannot java.lang.IllegalStateException: s3a://(redacted)@bucket")
        .endsWith("\n")
        .hasLineCount(1);
    assertThat(line("x".repeat(100_000), null)).hasSizeLessThan(2_100);
  }

  private static String line(String message, @Nullable Throwable thrown) {
    try (LoggerContext context =
        new LoggerContext("test", null, Path.of("conf/log4j2.properties").toUri())) {
      context.start();
      Layout<?> layout = context.getConfiguration().getAppender("stderr").getLayout();
      return layout
          .toSerializable(
              Log4jLogEvent.newBuilder()
                  .setLoggerName("org.L")
                  .setLevel(Level.ERROR)
                  .setMessage(new SimpleMessage(message))
                  .setThrown(thrown)
                  .build())
          .toString();
    }
  }
}
