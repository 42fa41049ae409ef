package io.tandem.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.frame.Claims;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Frames that claim more than there is, among good ones. */
@Tag("spark")
final class HostileFramesTest {
  private static final long SPARSE = 1_900_000_000;

  @TempDir Path folder;

  @Test
  void sparseFile_andSmallFilesWithHugeHeaders_areOneErrorRowEach() throws IOException {
    Path frames = Files.createDirectory(folder.resolve("frames"));
    for (int i = 1; i <= 20; i++) {
      Files.copy(
          Paths.FRAMES.resolve("bigbuckbunny-%04d.jpg".formatted(i)),
          frames.resolve("2026-11-25T10:15:%02d.jpg".formatted(i)));
    }
    try (RandomAccessFile sparse =
        new RandomAccessFile(frames.resolve("2026-11-25T10:15:03-sparse.jpg").toFile(), "rw")) {
      sparse.setLength(SPARSE);
    }
    for (Claims format : Claims.values()) {
      Files.write(
          frames.resolve("2026-11-25T10:15:05-%s.jpg".formatted(format)),
          format.of(14_000, 14_000));
    }
    Call call = Inferred.infer(frames, folder.resolve("out"), "frames.max-pixels=100000000");
    assertThat(call.exitCode()).as(call.err()).isZero();
    Map<String, Row> rows = Inferred.byName(folder.resolve("out"));
    assertThat(rows).hasSize(21 + Claims.values().length);
    rows.forEach(
        (name, row) -> {
          if (name.contains("-sparse")) {
            assertThat(row.getString(2))
                .startsWith("too large: 1900000000 bytes are more than the ")
                .endsWith(" that one frame may have here (frames.max-bytes)");
          } else if (name.contains("05-")) {
            assertThat(row.getString(2))
                .endsWith("14000 x 14000 pixels are more than frames.max-pixels = 100000000");
          } else {
            assertThat(row.getString(1)).as(name).isNotNull();
          }
        });
  }

  @Test
  void lengthThatAManifestClaims_isOneErrorRow() throws IOException {
    StringBuilder manifest = new StringBuilder("path,length\n");
    for (int i = 1; i <= 8; i++) {
      Path frame = Paths.FRAMES.resolve("bigbuckbunny-%04d.jpg".formatted(i)).toAbsolutePath();
      manifest.append("%s,%d\n".formatted(frame, i == 4 ? SPARSE : Files.size(frame)));
    }
    Path list = Files.writeString(folder.resolve("list.csv"), manifest);
    Call call =
        Inferred.infer(
            Paths.FRAMES,
            folder.resolve("out"),
            "frames.manifest=\"" + list + "\"",
            "frames.max-bytes=2000000000");
    assertThat(call.exitCode()).as(call.err()).isZero();
    Map<String, Row> rows = Inferred.byName(folder.resolve("out"));
    assertThat(rows).hasSize(8);
    assertThat(Inferred.row(rows, "bigbuckbunny-0004.jpg").getString(2))
        .isEqualTo("the file is shorter than its listed 1900000000 bytes");
    assertThat(rows.values()).filteredOn(row -> row.isNullAt(2)).hasSize(7);
  }
}
