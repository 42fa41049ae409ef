package io.tandem.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.conf.Fit;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files of some bytes that claim 14,000 x 14,000 pixels, and the memory that they may take. */
final class DecodingMemoryTest {
  private static final int SIDE = 14_000;
  private static final long MEGA = 1 << 20;

  /** For one picture: 500 MB beside the heap, and 250 MB of it; a core's share is an eighth. */
  private final DecodingMemory memory = new DecodingMemory(1000 * MEGA, 1000 * MEGA, 4);

  @ParameterizedTest
  @EnumSource
  void claimOverTheLimit_isRefusedByTheHeader(Claims format) {
    byte[] file = format.of(SIDE, SIDE);
    try (FrameDecoder decoder = decoder(1_000_000)) {
      assertThatThrownBy(() -> Pixels.by(decoder, file))
          .isInstanceOf(FrameException.class)
          .hasMessage(
              "too large %s: 14000 x 14000 pixels are more than frames.max-pixels = 1000000",
              format);
    }
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(60)
  void largeClaim_isADamagedOrTooLargePicture_andLeavesNoOtherWaiting(Claims format)
      throws Exception {
    byte[] file = format.of(9_000, 9_000);
    byte[] plain = format.of(16, 16);
    for (int i = 0; i < 2; i++) {
      try (FrameDecoder decoder = decoder(200_000_000)) {
        CompletableFuture.runAsync(
                () ->
                    assertThatThrownBy(() -> Pixels.by(decoder, file))
                        .isInstanceOf(FrameException.class)
                        .hasMessageContaining(format.toString()))
            .get(30, TimeUnit.SECONDS);
        if (format == Claims.JPEG || format == Claims.BMP || format == Claims.TIFF) {
          assertThat(Pixels.by(decoder, plain)).hasSize(decoder.frameBytes());
        }
      }
    }
  }

  @Test
  void claimOverTheMemory_isRefused_withWhatAPictureMayTake() throws FrameException {
    assertThatThrownBy(() -> memory.admit(claim(SIDE, 8, 0), Long.MAX_VALUE))
        .isInstanceOf(FrameException.class)
        .hasMessage(
            "too large PNG: 14000 x 14000 pixels need up to 1495 MB to be decoded, and one frame may take 500 MB (half of the memory beside the Java heap)");
    assertThatThrownBy(() -> memory.admit(claim(SIDE, 1, 3), Long.MAX_VALUE))
        .hasMessageContaining("560 MB")
        .hasMessageContaining("250 MB (a quarter of the Java heap)");
    memory.admit(claim(SIDE, 1, 0), Long.MAX_VALUE).end();
  }

  @Test
  @Timeout(60)
  void largePictures_areDecodedOneAtATime_andSmallOnesMeanwhile() throws Exception {
    DecodingMemory.Permit first = memory.admit(claim(SIDE, 1, 0), Long.MAX_VALUE);
    CompletableFuture<DecodingMemory.Permit> second =
        CompletableFuture.supplyAsync(() -> admitted(claim(SIDE, 2, 0)));
    while (!memory.isAwaited()) {
      Thread.onSpinWait();
    }
    memory.admit(claim(4_000, 3, 0), Long.MAX_VALUE).end();
    assertThat(second).isNotDone();
    first.end();
    second.get(30, TimeUnit.SECONDS).end();
    memory.admit(claim(SIDE, 2, 0), Long.MAX_VALUE).end();
  }

  @Test
  void pictureAMillionTimesLongerThanHigh_isAnErrorOfTheFrame() throws Exception {
    byte[] file = Claims.BMP.of(65_000, 1);
    byte[] whole = Arrays.copyOf(file, 54 + 3 * 65_000);
    try (FrameDecoder decoder =
        Decoding.FFMPEG.decoder(
            224,
            224,
            PixelLayout.INTERLEAVED,
            Channels.RGB,
            Fit.CROP,
            new Framing(256, Framing.Filter.BILINEAR, 0))) {
      ByteBuffer pixels = ByteBuffer.allocateDirect(decoder.frameBytes());
      assertThatThrownBy(() -> decoder.decode(whole, whole.length, pixels, 0))
          .isInstanceOf(FrameException.class)
          .hasMessageStartingWith("too long a picture: the middle of 65000 x 1 pixels");
    }
  }

  private DecodingMemory.Permit admitted(PictureClaim claim) {
    try {
      return memory.admit(claim, Long.MAX_VALUE);
    } catch (FrameException e) {
      throw new IllegalStateException(e);
    }
  }

  private static PictureClaim claim(int side, int nativeBytes, int heapBytes) {
    long pixels = (long) side * side;
    return new PictureClaim(ImageFormat.PNG, side, side, nativeBytes * pixels, heapBytes * pixels);
  }

  private static FrameDecoder decoder(long maxPixels) {
    return Decoding.FFMPEG.decoder(32, 32, PixelLayout.INTERLEAVED, Fit.CROP, maxPixels);
  }
}
