package io.tandem;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The table of packages: each foreign library behind one of them, and no cycles. */
@AnalyzeClasses(packages = "io.tandem", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule packages_haveNoCycles =
      slices().matching("io.tandem.(*)..").should().beFreeOfCycles();

  @ArchTest static final ArchRule picocli_isInCli = only("picocli..", "io.tandem.cli..");

  @ArchTest
  static final ArchRule typesafeConfig_isInConfAndTheCommands =
      only("com.typesafe..", "io.tandem.conf..", "io.tandem.cli..");

  @ArchTest static final ArchRule djl_isInInfer = only("ai.djl..", "io.tandem.infer..");

  @ArchTest static final ArchRule bytedeco_isInFrame = only("org.bytedeco..", "io.tandem.frame..");

  @ArchTest static final ArchRule jna_isInFrame = only("com.sun.jna..", "io.tandem.frame..");

  @ArchTest
  static final ArchRule spark_isInJob =
      only("org.apache.spark..", "io.tandem.job..", "io.tandem.telemetry..");

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
          "io.tandem.frame..",
          "io.tandem.infer..",
          "io.tandem.job..",
          "io.tandem.telemetry..");

  @ArchTest
  static final ArchRule parquetAndMetrics_areInTelemetry =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.tandem.telemetry..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.parquet..", "com.codahale..");

  @ArchTest static final ArchRule oshi_isInTelemetry = only("oshi..", "io.tandem.telemetry..");

  @ArchTest
  static final ArchRule jackson_isInReport = only("com.fasterxml..", "io.tandem.report..");

  @ArchTest
  static final ArchRule commonsMath_isInSummary =
      only("org.apache.commons.math3..", "io.tandem.summary..");

  @ArchTest
  static final ArchRule plainPackages_seeNoJob =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.tandem.summary..",
              "io.tandem.report..",
              "io.tandem.trial..",
              "io.tandem.timing..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.tandem.job..", "io.tandem.infer..", "io.tandem.frame..");

  private static ArchRule only(String library, String... homes) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(homes)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(library);
  }
}
