package io.tandem.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Call;
import io.tandem.Tandem;
import io.tandem.spark.Session;
import io.tandem.text.RunJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.zip.GZIPInputStream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Column;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run folder from anyone: whatever its names are, they are shown, and nothing else. */
@Tag("spark")
final class HostileRunTest {
  private static final Path NOISY = Path.of("src/test/resources/runs/noisy");
  private static final String PROPERTY = "tandem.test.hostile";

  /** Ends a literal of SQL, and calls a method of Java. */
  private static final String SQL =
      "x' OR java_method('java.lang.System', 'setProperty', '%s', 'ran') = 'ran' OR 'x' = '"
          .formatted(PROPERTY);

  private static final String MARKUP =
      "%s%n|</script><img src=x onerror=alert(1)>`[a](http://b)\u001b[31m\u009b\u202e\"${nope}";

  private static final String NAME = SQL + MARKUP;
  private static final String FORMULA = "=HYPERLINK(\"http://b\")";

  @TempDir static Path folder;

  @BeforeAll
  static void write() throws IOException {
    Path run = folder.resolve("run");
    FileUtils.copyDirectory(NOISY.toFile(), run.toFile());
    replace(run.resolve("environment.json"), "fp32", json(NAME));
    replace(run.resolve("environment.json"), "\"cpu\" : \"", "\"cpu\" : \"" + json(MARKUP + "\n"));
    Column trial = regexp_replace(col("trial"), "fp32", Matcher.quoteReplacement(NAME));
    Column path = concat(lit("file:/" + FORMULA + MARKUP), col("path"));
    try (Session session = Session.open("test", null, 2, 1)) {
      for (String table : List.of("predictions", "lanes", "ceilings")) {
        var rows =
            session
                .spark()
                .read()
                .parquet(NOISY.resolve(table).toString())
                .drop("modified_at")
                .withColumn("trial", trial);
        (table.equals("predictions") ? rows.withColumn("path", path) : rows)
            .write()
            .mode("overwrite")
            .parquet(run.resolve(table).toString());
      }
    }
  }

  private static void replace(Path file, String text, String by) throws IOException {
    String before = Files.readString(file);
    assertThat(before).contains(text);
    Files.writeString(file, before.replace(text, by));
  }

  private static String json(String text) {
    String quoted = RunJson.line(text);
    return quoted.substring(1, quoted.length() - 1);
  }

  @Test
  void summarize_showsItsNames_andRunsNoneOfThem() throws IOException {
    Path run = folder.resolve("run");
    Call call = Tandem.command("summarize").with(run).run();
    assertThat(System.getProperty(PROPERTY)).isNull();
    assertThat(call.err()).isEmpty();
    assertThat(call.exitCode()).isZero();
    assertThat(call.out()).contains("\\u001b[31m").doesNotMatch("(?s).*[\\p{Cc}\u202e&&[^\n]].*");
    assertThat(Files.readString(run.resolve("summary/speedup.csv")))
        .contains("java_method")
        .doesNotContain("\u001b")
        .doesNotContainPattern("(?m)^[=+@-]");
    assertThat(Files.readString(run.resolve("summary/summary.md")))
        .contains("\\|", "\\`", "&lt;/script>", "\\[a\\](http://b)")
        .doesNotContain("<img", "\u001b");
    assertThat(Files.readString(run.resolve("report.html")))
        .contains("java_method")
        .doesNotContain("<img src=x");
    try (var trace = new GZIPInputStream(Files.newInputStream(run.resolve("trace.json.gz")))) {
      assertThat(new String(trace.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
          .contains("traceEvents")
          .doesNotContain("\u009b");
    }
    assertThat(Files.readString(run.resolve("recommended.conf")).lines())
        .noneMatch(line -> line.startsWith("${nope}"));
  }

  @Test
  void compare_showsItsNames_andRunsNoneOfThem() throws IOException {
    Path run = folder.resolve("run");
    Path text = folder.resolve("comparison.md");
    Call call = Tandem.command("compare").with(run, run, "--markdown", text, "--different").run();
    assertThat(System.getProperty(PROPERTY)).isNull();
    assertThat(call.err()).isEmpty();
    assertThat(call.exitCode()).isZero();
    assertThat(call.out()).doesNotMatch("(?s).*[\\p{Cc}\u202e&&[^\n]].*");
    assertThat(Files.readString(text)).doesNotContain("<img", "\u001b");
  }
}
