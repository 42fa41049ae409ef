package io.tandem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The libraries of the class path, against the lists of {@code dependencies.md}. */
@Tag("spark")
final class DependenciesTest {
  private static final Path PAGE = Path.of("src/site/markdown/dependencies.md");
  private static final Path REPORT = Path.of("src/main/resources/io/tandem/report/report.js");

  /** A name, a version that begins with a digit, and perhaps a classifier. */
  private static final Pattern JAR = Pattern.compile("(.+?)-(\\d[^-]*)(-.+)?\\.jar");

  private static final Pattern FLOOR =
      Pattern.compile("\\| `([^`]+)` \\| (\\S+?)(?: on (\\S+))? \\| .*");

  /** The first version of a library without known advisories; none is without if null. */
  private record Floor(Pattern name, List<Integer> version, boolean never, String line) {
    static Floor of(Matcher row) {
      boolean never = row.group(2).equals("absent");
      String name = row.group(1).replace(".", "\\.").replace("*", ".*");
      List<Integer> version = never ? List.of() : numbers(row.group(2));
      return new Floor(
          Pattern.compile(name), version, never, row.group(3) == null ? "" : row.group(3));
    }

    boolean forbids(String jarName, String jarVersion) {
      boolean named = name.matcher(jarName).matches() && jarVersion.startsWith(line);
      return named && (never || Arrays.compare(ints(jarVersion), ints(version)) < 0);
    }

    private static int[] ints(String version) {
      return ints(numbers(version));
    }

    private static int[] ints(List<Integer> numbers) {
      return numbers.stream().mapToInt(Integer::intValue).toArray();
    }
  }

  @Test
  void classPath_hasNoVersionWithAKnownAdvisory() throws IOException {
    assumeFalse(Boolean.getBoolean("tandem.own-versions"), "these are Spark's own versions");
    List<String> jars = jars();
    assertThat(jars).hasSizeGreaterThan(100).anyMatch(jar -> jar.startsWith("log4j-core-"));
    List<Floor> floors = floors();
    assertThat(floors).hasSizeGreaterThan(15);
    assertThat(jars).noneMatch(jar -> isForbidden(jar, floors));
  }

  @Test
  void versionsOfEarlierBuilds_areForbidden() throws IOException {
    List<Floor> floors = floors();
    for (String jar :
        List.of(
            "log4j-core-2.25.4.jar",
            "log4j-api-2.9.0.jar",
            "netty-handler-4.1.96.Final.jar",
            "netty-codec-http-4.2.7.Final.jar",
            "jackson-databind-2.21.2.jar",
            "jackson-module-scala_2.12-2.15.2.jar",
            "lz4-java-1.8.0.jar",
            "janino-3.1.9.jar",
            "zookeeper-3.9.4.jar",
            "guava-16.0.1.jar",
            "avro-1.11.4.jar")) {
      assertThat(isForbidden(jar, floors)).as(jar).isTrue();
    }
    for (String jar :
        List.of("netty-handler-4.1.137.Final.jar", "log4j-core-2.100.jar", "avro-1.12.1.jar")) {
      assertThat(isForbidden(jar, floors)).as(jar).isFalse();
    }
  }

  /** CVE-2026-45249 of ECharts is in this kind of chart only. */
  @Test
  void report_hasNoChartOfLines() throws IOException {
    assertThat(REPORT).content().contains("type: 'line'").doesNotContain("'lines'", "\"lines\"");
  }

  private static boolean isForbidden(String jar, List<Floor> floors) {
    Matcher parts = JAR.matcher(jar);
    return parts.matches()
        && floors.stream().anyMatch(floor -> floor.forbids(parts.group(1), parts.group(2)));
  }

  private static List<String> jars() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(entry -> Path.of(entry).getFileName().toString())
        .filter(name -> name.endsWith(".jar"))
        .toList();
  }

  private static List<Floor> floors() throws IOException {
    return Files.readAllLines(PAGE).stream()
        .map(FLOOR::matcher)
        .filter(Matcher::matches)
        .map(Floor::of)
        .toList();
  }

  private static List<Integer> numbers(String version) {
    List<Integer> numbers = new ArrayList<>();
    for (String part : version.split("[.-]", -1)) {
      if (!part.matches("\\d{1,9}")) {
        break;
      }
      numbers.add(Integer.valueOf(part));
    }
    return numbers;
  }
}
