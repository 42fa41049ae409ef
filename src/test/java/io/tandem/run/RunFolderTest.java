package io.tandem.run;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.source.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunFolderTest {
  @TempDir Path folder;

  @Test
  void fullDisk_isASentence() throws IOException {
    Files.createDirectories(folder.resolve("run/predictions"));
    RunFolder run = RunFolder.existing(folder.resolve("run").toString(), new Configuration());
    // Linux has a file that is always full.
    Files.createSymbolicLink(folder.resolve("run/report.html"), Path.of("/dev/full"));
    assertThatThrownBy(() -> run.write("report.html", "x".repeat(100_000)))
        .isInstanceOf(StorageException.class)
        .hasMessageEndingWith("run/report.html: there is no space left");
  }
}
