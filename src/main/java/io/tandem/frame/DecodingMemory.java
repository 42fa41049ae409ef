package io.tandem.frame;

import io.tandem.telemetry.HostMemory;
import java.util.Locale;
import java.util.concurrent.Semaphore;

/**
 * The memory that pictures of this JVM may take while they are decoded. One picture may take half
 * of the machine's (or container's) memory beside the Java heap, but at least 256 MB, and a quarter
 * of the heap. A picture that claims more than a core's share of the same is decoded while no other
 * such picture is, and what its decoder keeps is freed afterwards. Thread-safe.
 */
final class DecodingMemory {
  private static final long MEGA = 1 << 20;
  private static final long LEAST_NATIVE = 256 * MEGA;
  private static final long LEAST_SHARE = 16 * MEGA;
  private static final DecodingMemory THIS_JVM =
      new DecodingMemory(
          HostMemory.besideHeap(),
          Runtime.getRuntime().maxMemory(),
          Runtime.getRuntime().availableProcessors());

  private final long mostNative;
  private final long mostHeap;
  private final long nativeShare;
  private final long heapShare;
  private final Semaphore large = new Semaphore(1, true);

  /**
   * Divides the memory.
   *
   * @param beside the memory beside the heap, in bytes
   * @param heap the largest size of the heap, in bytes
   * @param cores how many lanes decode at the same time
   */
  DecodingMemory(long beside, long heap, int cores) {
    this.mostNative = Math.max(LEAST_NATIVE, beside / 2);
    this.mostHeap = heap / 4;
    this.nativeShare = Math.max(LEAST_SHARE, mostNative / 2 / cores);
    this.heapShare = mostHeap / 2 / cores;
  }

  /** Returns the memory of this JVM. */
  static DecodingMemory ofThisJvm() {
    return THIS_JVM;
  }

  /** The permission to decode one picture. */
  @FunctionalInterface
  interface Permit {
    /** Permits a picture within a core's share. */
    Permit SMALL = () -> {};

    /** Lets the next large picture be decoded. */
    void end();
  }

  /**
   * Permits to decode a picture; waits while another large one is decoded.
   *
   * @param maxPixels the limit that the user has set
   * @throws FrameException if it claims more than one picture may take
   */
  Permit admit(PictureClaim claim, long maxPixels) throws FrameException {
    if (PictureClaim.times(claim.width(), claim.height(), 1) > maxPixels) {
      throw new FrameException(
          "too large %s: %d x %d pixels are more than frames.max-pixels = %d"
              .formatted(claim.format(), claim.width(), claim.height(), maxPixels));
    }
    require(claim, claim.nativeBytes(), mostNative, "half of the memory beside the Java heap");
    require(claim, claim.heapBytes(), mostHeap, "a quarter of the Java heap");
    if (claim.nativeBytes() <= nativeShare && claim.heapBytes() <= heapShare) {
      return Permit.SMALL;
    }
    large.acquireUninterruptibly();
    return large::release;
  }

  /** Returns whether a large picture waits for another one. */
  boolean isAwaited() {
    return large.hasQueuedThreads();
  }

  private static void require(PictureClaim claim, long needed, long most, String what)
      throws FrameException {
    if (needed > most) {
      throw new FrameException(
          String.format(
              Locale.ROOT,
              "too large %s: %d x %d pixels need up to %d MB to be decoded, and one frame may take %d MB (%s)",
              claim.format(),
              claim.width(),
              claim.height(),
              needed / MEGA,
              most / MEGA,
              what));
    }
  }
}
