package io.tandem.summary;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events of a run as a profiler shows them, by the driver's clock in epoch microseconds.
 *
 * @param window the part of the run, as a phrase; "the whole run" where it is complete
 */
public record Timeline(
    String window, List<Span> spans, List<Mark> marks, List<Slice> slices, List<Load> loads) {

  /** A trial in a round, from its first lane's start to its last lane's end. */
  public record Span(String trial, int round, long fromUs, long us) {
    /** Returns the end, in epoch microseconds. */
    public long toUs() {
      return fromUs + us;
    }
  }

  /** A lane's model is loaded, or its warm-up has ended. */
  public record Mark(String executor, int lane, String what, long atUs, String device) {}

  /**
   * One phase of a frame or batch.
   *
   * @param phase read, decode, forward or output
   */
  public record Slice(Track track, String phase, Content content, long fromUs, long us) {
    /** Returns the end of the slice, in epoch microseconds. */
    public long toUs() {
      return fromUs + us;
    }
  }

  /**
   * The thread that did the work of a slice.
   *
   * @param thread which of the lane's helpers; 0 is the lane itself
   */
  public record Track(String executor, int lane, int thread, String device) {}

  /**
   * What a slice worked on.
   *
   * @param trial null in an inference, as is the round
   * @param frame the frame's path; of a batch its first one's
   * @param frames the number of frames
   */
  public record Content(
      @Nullable String trial,
      @Nullable Integer round,
      int batch,
      String frame,
      int frames,
      @Nullable String result) {}

  /** The load of an executor and its host. */
  public record Load(
      String executor,
      String host,
      long atUs,
      List<Float> coreLoad,
      float processCores,
      @Nullable Long rssBytes,
      List<Gpu> gpus) {
    public Load {
      coreLoad = List.copyOf(coreLoad);
      gpus = List.copyOf(gpus);
    }
  }

  /** One GPU at the time of a sample. */
  public record Gpu(int index, @Nullable Float utilization, @Nullable Long memoryBytes) {}

  public Timeline {
    spans = List.copyOf(spans);
    marks = List.copyOf(marks);
    slices = List.copyOf(slices);
    loads = List.copyOf(loads);
  }

  /** Returns the slices that are completely within these epoch microseconds. */
  public List<Slice> slicesWithin(long fromUs, long toUs) {
    return slices.stream().filter(s -> s.fromUs >= fromUs && s.toUs() <= toUs).toList();
  }
}
