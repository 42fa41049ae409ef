package io.tandem.lane;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.Paths;
import io.tandem.conf.AutoInt;
import io.tandem.conf.Fit;
import io.tandem.conf.Settings;
import io.tandem.frame.Decoding;
import io.tandem.frame.FrameDecoder;
import io.tandem.frame.HadoopByteSource;
import io.tandem.frame.PixelLayout;
import io.tandem.source.Frame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

/** Helpers that do not start. */
final class ReadAheadTest {
  private static final double TIMEOUT_SECONDS = 5;

  @Test
  void decodingHelper_thatDoesNotStart_failsTheLaneWithItsCause() throws IOException {
    Thread lane = Thread.currentThread();
    Supplier<FrameDecoder> decoders =
        () -> {
          if (!Thread.currentThread().equals(lane)) {
            throw new OutOfMemoryError("unable to create native thread");
          }
          return Decoding.FFMPEG.decoder(64, 64, PixelLayout.INTERLEAVED, Fit.CROP, 200_000_000);
        };
    Path file = Paths.FRAMES.resolve("bigbuckbunny-0001.jpg").toAbsolutePath();
    Frame frame = Frame.image(file.toUri().toString(), Files.size(file), null, 0);
    try (ReadAhead ahead =
        new ReadAhead(
            new FrameLoader(new HadoopByteSource(new Configuration(), AutoInt.AUTO)),
            decoders,
            new Settings.Lane(4, 64 << 20, AutoInt.of(1), TIMEOUT_SECONDS),
            1)) {
      ahead.submit(new FramePlace(new DueFrame(frame, 0)));
      assertThatThrownBy(ahead::takeFirst)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("bigbuckbunny-0001.jpg")
          .hasRootCauseInstanceOf(OutOfMemoryError.class);
    }
  }
}
