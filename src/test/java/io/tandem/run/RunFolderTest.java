package io.tandem.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.source.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

  @Test
  void nameThatLeadsOut_isRefused() throws IOException {
    Files.createDirectories(folder.resolve("run/predictions"));
    Files.writeString(folder.resolve("secret"), "secret");
    RunFolder run = RunFolder.existing(folder.resolve("run").toString(), new Configuration());
    for (String name :
        List.of("../secret", folder.resolve("secret").toString(), "images/../../secret")) {
      assertThatThrownBy(() -> run.readBytes(name))
          .isInstanceOf(RunFolderException.class)
          .hasMessageEndingWith("leads out of the folder: " + name);
    }
    assertThatThrownBy(() -> run.readBytes("http://localhost:1/x"))
        .isInstanceOf(StorageException.class);
  }

  @Test
  void linkInPlaceOfAFile_isNeitherReadNorWritten() throws IOException {
    Files.createDirectories(folder.resolve("run/predictions"));
    Files.createDirectories(folder.resolve("elsewhere"));
    Path secret = Files.writeString(folder.resolve("elsewhere/secret"), "secret");
    Files.createSymbolicLink(folder.resolve("run/settings.conf"), secret);
    Files.createSymbolicLink(folder.resolve("run/summary"), folder.resolve("elsewhere"));
    RunFolder run = RunFolder.existing(folder.resolve("run").toString(), new Configuration());
    for (String name : List.of("settings.conf", "summary/secret")) {
      assertThatThrownBy(() -> run.read(name)).isInstanceOf(RunFolderException.class);
      assertThatThrownBy(() -> run.write(name, "x"))
          .isInstanceOf(RunFolderException.class)
          .hasMessageEndingWith("is no file of a run, but leads to another place; remove it");
    }
    assertThat(secret).hasContent("secret");
  }
}
