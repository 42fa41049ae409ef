package io.tandem.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.source.Frame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("spark")
final class HadoopByteSourceTest {
  @TempDir Path folder;

  private final HadoopByteSource reader = new HadoopByteSource(new Configuration());

  @Test
  void read_givesTheListedBytes() throws Exception {
    byte[] content = new byte[3_000_000];
    content[0] = 1;
    content[2_999_999] = 2;
    byte[] read = new byte[3_500_000];
    reader.read(frame("a.jpg", content, content.length), read);
    assertThat(read[0]).isEqualTo((byte) 1);
    assertThat(read[2_999_999]).isEqualTo((byte) 2);
  }

  @Test
  void missingFile_isAnErrorOfTheFrame() {
    Frame gone = Frame.image(folder.resolve("gone.jpg").toUri().toString(), 10, null, 0);
    assertThatThrownBy(() -> reader.read(gone, new byte[10]))
        .isInstanceOf(FrameException.class)
        .hasMessage("there is no such file");
    assertThatThrownBy(() -> ByteSource.length(Frame.missing("file:/gone.jpg", 0)))
        .hasMessage("there is no such file");
  }

  @Test
  void shortenedFile_isAnErrorOfTheFrame() throws IOException {
    Frame shorter = frame("a.jpg", new byte[10], 11);
    assertThatThrownBy(() -> reader.read(shorter, new byte[11]))
        .isInstanceOf(FrameException.class)
        .hasMessage("the file is shorter than its listed 11 bytes");
  }

  @Test
  void emptyAndOversizedFiles_areErrorsOfTheFrame() throws IOException {
    Frame empty = frame("a.jpg", new byte[0], 0);
    assertThatThrownBy(() -> ByteSource.length(empty)).hasMessage("the file is empty");
    Frame oversized = frame("b.jpg", new byte[1], 3_000_000_000L);
    assertThatThrownBy(() -> ByteSource.length(oversized))
        .hasMessage("the file has 3000000000 bytes, over 2 GB");
  }

  private Frame frame(String name, byte[] content, long length) throws IOException {
    Path file = Files.write(folder.resolve(name), content);
    return Frame.image(file.toUri().toString(), length, null, 0);
  }
}
