package io.tandem;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.List;
import java.util.stream.Stream;

/** The table of packages: their order, and where each foreign library is used. */
@AnalyzeClasses(packages = "io.tandem", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  /** The packages from the first to the last: each may use those before it, and none after it. */
  private static final List<String> ORDER =
      List.of(
          "text",
          "conf",
          "timing",
          "trial",
          "summary",
          "report",
          "telemetry",
          "spark",
          "source",
          "frame",
          "model",
          "engine",
          "postprocess",
          "lane",
          "run",
          "sink",
          "quarantine",
          "follow",
          "inference",
          "datasource",
          "benchmark",
          "cli");

  @ArchTest
  static final ArchRule packages_haveNoCycles =
      slices().matching("io.tandem.(**)").should().beFreeOfCycles();

  @ArchTest static final ArchRule packages_useOnlyThoseBeforeThem = layers();

  @ArchTest
  static final ArchRule summaryAndReport_seePlainValuesOnly =
      classes()
          .that()
          .resideInAnyPackage("io.tandem.summary..", "io.tandem.report..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "io.tandem.summary..",
              "io.tandem.report..",
              "io.tandem.trial..",
              "io.tandem.text..",
              "io.tandem.conf..",
              "java..",
              "org.jspecify..",
              "org.apache.commons..",
              "com.fasterxml..");

  @ArchTest static final ArchRule picocli_isInCli = only("picocli..", "cli");

  @ArchTest
  static final ArchRule typesafeConfig_isInConfAndTheCommands =
      only("com.typesafe..", "conf", "cli");

  @ArchTest
  static final ArchRule djl_isInItsEngines =
      only("ai.djl..", "engine.djl", "engine.pytorch", "engine.onnxruntime");

  @ArchTest
  static final ArchRule onnxRuntime_isInItsEngine = only("ai.onnxruntime..", "engine.onnxruntime");

  @ArchTest static final ArchRule bytedeco_isInFrame = only("org.bytedeco..", "frame");

  @ArchTest static final ArchRule jna_isInFrame = only("com.sun.jna..", "frame");

  @ArchTest
  static final ArchRule spark_isWhereItsTasksAre =
      only(
          "org.apache.spark..",
          "spark",
          "source",
          "lane",
          "run",
          "sink",
          "quarantine",
          "follow",
          "inference",
          "datasource",
          "benchmark",
          "telemetry");

  @ArchTest
  static final ArchRule ofSpark_telemetrySeesThePluginsOnly =
      noClasses()
          .that()
          .resideInAPackage("io.tandem.telemetry..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark.sql..", "org.apache.spark.rdd..");

  @ArchTest
  static final ArchRule hadoop_isWhereFilesAre =
      only(
          "org.apache.hadoop..",
          "spark",
          "source",
          "frame",
          "model",
          "lane",
          "run",
          "quarantine",
          "follow",
          "inference",
          "benchmark",
          "telemetry");

  @ArchTest
  static final ArchRule parquetAndMetrics_areInTelemetry =
      only(List.of("org.apache.parquet..", "com.codahale.."), "telemetry");

  @ArchTest static final ArchRule oshi_isInTelemetry = only("oshi..", "telemetry");

  @ArchTest
  static final ArchRule jackson_isInTextAndReport = only("com.fasterxml..", "text", "report");

  @ArchTest
  static final ArchRule tablesWrappingAndCsv_areInText =
      only(List.of("com.github.freva..", "org.apache.commons.text..", "com.univocity.."), "text");

  @ArchTest
  static final ArchRule imageLibraries_areInFrame =
      only(List.of("com.twelvemonkeys..", "javax.imageio..", "java.awt.."), "frame");

  @ArchTest static final ArchRule progressBar_isInCli = only("me.tongfei..", "cli");

  @ArchTest
  static final ArchRule commonsMath_isInSummary = only("org.apache.commons.math3..", "summary");

  private static ArchRule layers() {
    LayeredArchitecture layers = layeredArchitecture().consideringOnlyDependenciesInLayers();
    for (String name : ORDER) {
      layers = layers.layer(name).definedBy("io.tandem." + name + "..");
    }
    layers = layers.whereLayer(ORDER.get(0)).mayNotAccessAnyLayer();
    for (int i = 1; i < ORDER.size(); i++) {
      layers =
          layers
              .whereLayer(ORDER.get(i))
              .mayOnlyAccessLayers(ORDER.subList(0, i).toArray(String[]::new));
    }
    return layers;
  }

  private static ArchRule only(String library, String... homes) {
    return only(List.of(library), homes);
  }

  private static ArchRule only(List<String> libraries, String... homes) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(
            Stream.of(homes).map(home -> "io.tandem." + home + "..").toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(libraries.toArray(String[]::new));
  }
}
