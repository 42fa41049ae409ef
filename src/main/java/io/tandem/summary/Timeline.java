package io.tandem.summary;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened when, by the driver's clock in epoch microseconds: what a profiler would show.
 *
 * @param window which part of the run it is, as a phrase; "the whole run" where nothing is left out
 */
public record Timeline(
    String window, List<Span> spans, List<Mark> marks, List<Slice> slices, List<Load> loads) {

  /** A trial in a round, from its first lane's start to its last lane's end. */
  public record Span(String trial, int round, long fromUs, long us) {
    public long toUs() {
      return fromUs + us;
    }
  }

  /** A lane's model is there, or its warm-up is over. */
  public record Mark(String executor, int lane, String what, long atUs, String device) {}

  /**
   * One phase of a frame or batch.
   *
   * @param thread which of the lane's helpers; 0 is the lane itself
   * @param phase read, decode, forward or output
   * @param frame the frame's path; of a batch its first one's
   * @param frames how many frames it is for
   */
  public record Slice(
      String executor,
      int lane,
      int thread,
      String phase,
      @Nullable String trial,
      @Nullable Integer round,
      int batch,
      String frame,
      int frames,
      @Nullable String label,
      String device,
      long fromUs,
      long us) {
    public long toUs() {
      return fromUs + us;
    }
  }

  /** What an executor and its host were doing. */
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

  public record Gpu(int index, @Nullable Float utilization, @Nullable Long memoryBytes) {}

  public Timeline {
    spans = List.copyOf(spans);
    marks = List.copyOf(marks);
    slices = List.copyOf(slices);
    loads = List.copyOf(loads);
  }

  /** The same without slices that do not lie within these microseconds. */
  public List<Slice> slicesWithin(long fromUs, long toUs) {
    return slices.stream().filter(s -> s.fromUs >= fromUs && s.toUs() <= toUs).toList();
  }
}
