package io.tandem.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("spark")
final class TelemetryWriterTest {
  private static final Sample SAMPLE =
      new Sample(
          "7",
          "node-1",
          1_000_000,
          List.of(0.5f, 1f),
          List.of(),
          List.of(),
          null,
          1.5f,
          null,
          0,
          null,
          300,
          List.of(new GpuSample(0, "GPU-1", null, 1L, null, null, null, null)),
          null);

  @TempDir Path folder;

  @Test
  void samples_areOneWholeFile_andNothingIsLeftUnfinished() throws IOException {
    try (TelemetryWriter writer = writer(folder.resolve("telemetry"))) {
      writer.add(SAMPLE);
      writer.add(SAMPLE);
    }
    try (Stream<Path> files = Files.list(folder.resolve("telemetry"))) {
      assertThat(files.map(file -> String.valueOf(file.getFileName())))
          .filteredOn(name -> !name.endsWith(".crc"))
          .singleElement()
          .asString()
          .matches("part-.*\\.parquet");
    }
  }

  @Test
  void folderThatCannotBe_costsTheTelemetryOnly() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    try (TelemetryWriter writer = writer(file.resolve("telemetry"))) {
      writer.add(SAMPLE);
    }
    assertThat(file).hasContent("in the way");
  }

  @Test
  void noSample_noFile() {
    writer(folder.resolve("telemetry")).close();
    assertThat(folder.resolve("telemetry")).doesNotExist();
  }

  private static TelemetryWriter writer(Path folder) {
    return new TelemetryWriter(
        new org.apache.hadoop.fs.Path(folder.toUri()), new Configuration(false));
  }
}
