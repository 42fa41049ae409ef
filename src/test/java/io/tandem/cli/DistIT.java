package io.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tandem.Ended;
import io.tandem.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The archive that {@code -Pdist} makes, unpacked into a folder with a space in its name. What it
 * calls is on the path, but no Maven and no Spark.
 */
@EnabledIfSystemProperty(
    named = "tandem.archive",
    matches = ".+",
    disabledReason = "there is an archive with -Pdist only")
final class DistIT {
  private static final Pattern PURL =
      Pattern.compile("pkg:maven/[^/]+/([^@]+)@([^?]+)\\?(?:classifier=([^&]+)&)?type=jar");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:\\s]+)(#[^)\\s]*)?\\)");

  @TempDir static Path folder;
  private static Path home = Path.of("");
  private static Path path = Path.of("");

  @BeforeAll
  static void unpack() throws Exception {
    Path archive = Path.of(System.getProperty("tandem.archive"));
    path = Files.createDirectories(folder.resolve("bin"));
    for (String place : System.getenv("PATH").split(":", -1)) {
      linkCommands(Path.of(place));
    }
    Path programs = Files.createDirectories(folder.resolve("some programs"));
    Ended tar = run(programs, Map.of(), "tar", "-xzf", archive.toString());
    assertThat(tar.exitCode()).as(tar.err()).isZero();
    String name = archive.getFileName().toString().replace(".tar.gz", "");
    assertThat(names(programs)).as("one folder, named as the archive is").containsExactly(name);
    home = programs.resolve(name);
  }

  private static void linkCommands(Path place) throws IOException {
    if (!Files.isDirectory(place)) {
      return;
    }
    for (String name : names(place)) {
      boolean passedOver = name.startsWith("mvn") || name.startsWith("spark");
      if (!passedOver && !Files.exists(path.resolve(name))) {
        Files.createSymbolicLink(path.resolve(name), place.resolve(name).toAbsolutePath());
      }
    }
  }

  /** JUnit would warn of each. */
  @AfterAll
  static void unlinkCommands() throws IOException {
    for (String name : names(path)) {
      Files.delete(path.resolve(name));
    }
  }

  private static List<String> names(Path place) throws IOException {
    try (Stream<Path> files = Files.list(place)) {
      return files.map(file -> file.getFileName().toString()).distinct().sorted().toList();
    }
  }

  @Test
  void archive_holdsWhatRuns_andNothingOfTheBuild() throws Exception {
    assertThat(names(home))
        .contains("submit.sh", "README.md", "CHANGELOG.md", "LICENSE", "NOTICE", "reference.conf")
        .contains("conf", "data", "docs", "lib", "natives", "notebooks", "spark")
        .doesNotContain("src", "pom.xml", "mvnw", "target");
    assertThat(names(home.resolve("lib")))
        .hasSize(2)
        .contains("python")
        .filteredOn(name -> name.endsWith(".jar"))
        .singleElement()
        .asString()
        .startsWith("tandem-");
    assertThat(names(home.resolve("lib/python")))
        .contains("export.sh", "requirements.txt", "tandem_export")
        .filteredOn(name -> name.endsWith(".whl"))
        .singleElement()
        .asString()
        .matches("tandem_spark-[0-9.]+(dev0)?-py3-none-any\\.whl");
    assertThat(names(home.resolve("spark"))).containsExactly("jars");
    for (String script : List.of("submit.sh", "conf/gpu-discovery.sh", "notebooks/picture.sh")) {
      assertThat(home.resolve(script)).isExecutable();
    }
    assertThat(Files.isExecutable(home.resolve("README.md"))).isFalse();
  }

  @Test
  void sbom_namesEveryJar_andIsTheSameForEveryBuild() throws Exception {
    assertThat(home.resolve("sbom.cdx.json")).as("mvnw -o makes none").exists();
    JsonNode sbom = new ObjectMapper().readTree(home.resolve("sbom.cdx.json").toFile());
    assertThat(sbom.path("bomFormat").asText()).isEqualTo("CycloneDX");
    assertThat(sbom.has("serialNumber")).isFalse();
    assertThat(sbom.path("metadata").has("timestamp")).isFalse();
    Set<String> listed = new TreeSet<>();
    for (JsonNode component : sbom.path("components")) {
      Matcher purl = PURL.matcher(component.path("purl").asText());
      assertThat(purl.matches()).as(component.path("purl").asText()).isTrue();
      String classifier = purl.group(3) == null ? "" : "-" + purl.group(3);
      listed.add(purl.group(1) + "-" + purl.group(2) + classifier + ".jar");
    }
    assertThat(listed).hasSizeGreaterThan(150).anyMatch(jar -> jar.startsWith("echarts-"));
    assertThat(listed).containsAll(names(home.resolve("spark/jars")));
    // That of ONNX Runtime is made of a part of the library's jar.
    assertThat(names(home.resolve("natives")))
        .hasSizeGreaterThan(3)
        .map(jar -> jar.replaceFirst("^onnxruntime-native-([0-9.]+)-.*", "onnxruntime-$1.jar"))
        .allMatch(listed::contains);
  }

  @Test
  void documents_areThoseOfTheArchive() throws Exception {
    List<Path> pages = new ArrayList<>(List.of(home.resolve("README.md")));
    try (Stream<Path> files = Files.list(home.resolve("docs"))) {
      files.forEach(pages::add);
    }
    assertThat(pages).hasSizeGreaterThan(5);
    assertThat(pages.get(0)).content().contains("(reference.conf)", "(docs/configuration.md)");
    for (Path page : pages) {
      String text = Files.readString(page);
      assertThat(LINK.matcher(text).results().map((MatchResult link) -> link.group(1)))
          .as("links of %s", page)
          .allSatisfy(link -> assertThat(page.resolveSibling(link)).exists());
      assertThat(text).doesNotContain("--jars target/");
    }
    assertThat(home.resolve("reference.conf"))
        .hasSameTextualContentAs(Path.of("src/main/resources/reference.conf"));
    assertThat(Files.readString(home.resolve("CHANGELOG.md")))
        .matches("(?s)# What changed\n\n## \\S.*\n\n.*");
  }

  @Test
  void laptop_runsWithTheSparkOfTheArchive() throws Exception {
    Ended version = run(home, Map.of(), "./submit.sh", "--version");
    assertThat(version.exitCode()).as(version.err()).isZero();
    assertThat(version.out()).matches("Tandem \\d+\\.\\d+\\.\\d+(\\+[0-9a-f]{10}(\\.dirty)?)?\n");

    Ended ended = run(home, Map.of(), "./submit.sh", "infer", "--frames", "data/photos");
    assertPredicted(ended);
    assertThat(environment(home)).contains(tandemIs(version));
  }

  /** Called by a link, from elsewhere; an installation may be readable only. */
  @Test
  void edgeNode_runsWithTheSparkThatItHas() throws Exception {
    Path work = Files.createDirectories(folder.resolve("work"));
    Path link = Files.createSymbolicLink(work.resolve("tandem"), home.resolve("submit.sh"));
    Path spark = fullSpark(folder.resolve("full spark"));
    Map<String, Long> before = times(home);
    Map<String, String> named = Map.of("SPARK_HOME", spark.toString());
    Ended version = run(work, named, link.toString(), "--version");
    assertThat(version.exitCode()).as(version.err()).isZero();
    String photos = home.resolve("data/photos").toString();
    assertPredicted(run(work, named, "./tandem", "infer", "--frames", photos));
    assertThat(spark.resolve("calls")).hasContent("spark-submit\nspark-submit");
    assertThat(environment(work)).contains(tandemIs(version));
    assertThat(times(home)).as("the installation is as it was").isEqualTo(before);

    assertThat(names(work)).containsExactly("out", "tandem");
    Map<String, String> onThePath = Map.of("PATH", spark.resolve("bin") + ":" + path);
    assertThat(run(work, onThePath, "./tandem", "--version")).isEqualTo(version);
    assertThat(spark.resolve("calls")).hasContent("spark-submit\nspark-submit\nspark-submit");
  }

  /** As Spark's own scripts do it, and writes down that it was called. */
  private static Path fullSpark(Path spark) throws IOException {
    Path bin = Files.createDirectories(spark.resolve("bin"));
    Files.createSymbolicLink(spark.resolve("jars"), home.resolve("spark/jars"));
    script(
        bin.resolve("spark-submit"),
        """
        export SPARK_HOME=$(cd "$(dirname "$0")/.." && pwd)
        echo spark-submit >>"$SPARK_HOME/calls"
        exec "$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.SparkSubmit "$@"
        """);
    script(
        bin.resolve("spark-class"),
        """
        export SPARK_SCALA_VERSION=%s
        command=()
        while IFS= read -r -d '' word; do
          word=${word#$'\\n'}
          [ -z "$word" ] || command+=("$word")
        done < <("$JAVA_HOME/bin/java" -Xmx128m -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main "$@")
        exec "${command[@]}"
        """
            .formatted(System.getProperty("tandem.scala.binary.version")));
    return spark;
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, "#!/usr/bin/env bash\n" + text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void missingPart_andSparkOfAnotherLine_areOneSentence() throws Exception {
    Path lacking = Files.createDirectories(folder.resolve("lacking"));
    Files.copy(home.resolve("submit.sh"), lacking.resolve("submit.sh"));
    Ended jar = run(lacking, Map.of(), "bash", "submit.sh", "--version");
    assertThat(jar.exitCode()).isEqualTo(2);
    assertThat(jar.err())
        .isEqualTo(
            lacking.toRealPath() + "/lib/tandem-*.jar is missing: unpack the archive again\n");

    Path other = Files.createDirectories(folder.resolve("other-spark"));
    Files.createFile(
        Files.createDirectories(other.resolve("jars")).resolve("spark-core_2.12-3.4.4.jar"));
    script(Files.createDirectories(other.resolve("bin")).resolve("spark-submit"), "exit 7\n");
    Map<String, String> named = Map.of("SPARK_HOME", other.toString());
    Ended refused = run(home, named, "./submit.sh", "--version");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).hasLineCount(1).contains("or unpack the archive made for that line");
  }

  private static void assertPredicted(Ended ended) {
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out())
        .containsPattern("chelsea-cat.png +Egyptian cat 0")
        .containsPattern("coffee.png +espresso 0")
        .contains("4 frames, 0 failed");
    assertThat(ended.err()).doesNotContain(" WARN ", "Exception", "Building");
  }

  private static String environment(Path place) throws IOException {
    Path out = place.resolve("out");
    assertThat(names(out)).hasSize(1);
    return Files.readString(out.resolve(names(out).get(0)).resolve("environment.json"));
  }

  private static String tandemIs(Ended version) {
    return "\"tandem\" : \"%s\"".formatted(version.out().strip().replace("Tandem ", ""));
  }

  /** All files and folders, and when they were changed. */
  private static Map<String, Long> times(Path place) throws IOException {
    Map<String, Long> times = new TreeMap<>();
    try (Stream<Path> files = Files.walk(place)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        times.put(place.relativize(file).toString(), Files.getLastModifiedTime(file).toMillis());
      }
    }
    return times;
  }

  private static Ended run(Path place, Map<String, String> environment, String... command)
      throws Exception {
    return new Program(place, command)
        .without("SPARK")
        .without("TANDEM")
        .environment(Map.of("PATH", path.toString(), "JAVA_HOME", System.getProperty("java.home")))
        .environment(environment)
        .printTo(folder)
        .run();
  }
}
