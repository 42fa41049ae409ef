package io.tandem.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.tandem.conf.AutoInt;
import io.tandem.source.Frame;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("spark")
final class HadoopByteSourceTest {
  @TempDir Path folder;

  private final HadoopByteSource reader = new HadoopByteSource(new Configuration(), AutoInt.AUTO);

  @Test
  void read_givesTheListedBytes() throws Exception {
    byte[] content = new byte[3_000_000];
    content[0] = 1;
    content[2_999_999] = 2;
    byte[] spare = new byte[3_500_000];
    byte[] read = reader.read(frame("a.jpg", content, content.length), spare);
    assertThat(read).isSameAs(spare);
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

  @ParameterizedTest
  @ValueSource(ints = {4_194_303, 4_194_304, 4_194_305, 9_000_000, 20_000_000})
  void largeFile_isReadWhole(int length) throws Exception {
    byte[] content = new byte[length];
    new Random(length).nextBytes(content);
    Frame large = frame("a.tif", content, length);
    for (byte[] spare : List.of(new byte[0], new byte[5_000_000], new byte[25_000_000])) {
      assertThat(Arrays.copyOf(reader.read(large, spare), length)).isEqualTo(content);
    }
  }

  @Test
  void listedLength_takesNoMemory_beforeItsBytesArrive() throws Exception {
    HadoopByteSource boundless =
        new HadoopByteSource(new Configuration(), AutoInt.of(Integer.MAX_VALUE));
    boundless.read(frame("a.jpg", new byte[10], 10), new byte[0]); // Hadoop has started.
    Frame shorter = frame("a.jpg", new byte[20_000], 1_900_000_000);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThatThrownBy(() -> boundless.read(shorter, new byte[0]))
        .hasMessage("the file is shorter than its listed 1900000000 bytes");
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(16 << 20);
  }

  @Test
  void fileOverTheBound_isAnErrorOfTheFrame() throws IOException {
    HadoopByteSource bounded = new HadoopByteSource(new Configuration(), AutoInt.of(999));
    Frame large = frame("a.jpg", new byte[1_000], 1_000);
    assertThatThrownBy(() -> bounded.read(large, new byte[0]))
        .isInstanceOf(FrameException.class)
        .hasMessage(
            "too large: 1000 bytes are more than the 999 that one frame may have here (frames.max-bytes)");
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
