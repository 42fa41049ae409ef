package io.tandem.frame;

import io.tandem.Foreign;
import io.tandem.Mutations;
import io.tandem.conf.Fit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Images of every format, changed at random, are decoded, or refused with a sentence. */
final class FrameDecoderFuzzTest {
  private static final Path TWINS = Path.of("src/test/resources/twins");
  private static final int SIDE = 64;
  private static final int LARGEST_SEED = 20_000;
  private static final long MAX_PIXELS = 4_000_000;

  private static final ByteBuffer PIXELS = ByteBuffer.allocateDirect(3 * SIDE * SIDE);
  private static final List<FrameDecoder> DECODERS = new ArrayList<>();
  private static List<byte[]> seeds = List.of();

  @BeforeContainer
  static void open() throws IOException {
    List<byte[]> files = new ArrayList<>();
    try (var twins = Files.newDirectoryStream(TWINS)) {
      for (Path twin : twins) {
        if (Files.isRegularFile(twin) && Files.size(twin) <= LARGEST_SEED) {
          files.add(Files.readAllBytes(twin));
        }
      }
    }
    seeds = files;
    for (Decoding decoding : Decoding.values()) {
      if (decoding == Decoding.FFMPEG || FrameDecoder.turboJpegFile().isPresent()) {
        DECODERS.add(decoding.decoder(SIDE, SIDE, PixelLayout.INTERLEAVED, Fit.CROP, MAX_PIXELS));
      }
    }
  }

  @AfterContainer
  static void close() {
    DECODERS.forEach(FrameDecoder::close);
    DECODERS.clear();
  }

  @Provide
  Arbitrary<byte[]> images() {
    return Mutations.of(seeds);
  }

  @Property
  void image(@ForAll("images") byte[] file) throws Exception {
    for (FrameDecoder decoder : DECODERS) {
      Foreign.read(
          () -> {
            decoder.decode(file, file.length, PIXELS, 0);
            return PIXELS;
          },
          FrameException.class);
    }
  }
}
