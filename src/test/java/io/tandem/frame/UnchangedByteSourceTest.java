package io.tandem.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.conf.AutoInt;
import io.tandem.source.Frame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("spark")
final class UnchangedByteSourceTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir Path folder;
  private final ByteSource source =
      new UnchangedByteSource(new HadoopByteSource(HADOOP, AutoInt.AUTO), HADOOP);
  private Path file = Path.of("");
  private Frame frame = Frame.missing("file:/gone", 0);

  @BeforeEach
  void takeFile() throws IOException {
    file = Files.write(folder.resolve("a.jpg"), new byte[] {1, 2, 3});
    frame = Frame.image(file.toUri().toString(), 3, Files.getLastModifiedTime(file).toMillis(), 0);
  }

  @Test
  void fileAsItWas_isReadAndOpened() throws Exception {
    assertThat(source.read(frame, new byte[3])).containsExactly(1, 2, 3);
    try (FileBytes bytes = source.open(frame)) {
      assertThat(bytes.length()).isEqualTo(3);
    }
  }

  @Test
  void fileThatHasGrown_isRefused() throws IOException {
    Files.write(file, new byte[] {4}, StandardOpenOption.APPEND);
    assertRefused("the file had 3 bytes when it was taken, and has 4 now");
  }

  @Test
  void fileOfAnotherTime_isRefused_unlessItsTimeIsUnknown() throws Exception {
    Files.setLastModifiedTime(file, FileTime.fromMillis(1000));
    assertRefused("the file was written again after it was taken");
    assertThat(source.read(Frame.image(frame.path(), 3, null, 0), new byte[3])).hasSize(3);
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> source.read(frame, new byte[3]))
        .isInstanceOf(FrameException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> source.open(frame))
        .isInstanceOf(FrameException.class)
        .hasMessage(message);
  }
}
