package io.tandem.trial;

import io.tandem.conf.Device;
import io.tandem.conf.DeviceChoice;
import io.tandem.conf.Export;
import io.tandem.conf.LaneConfig;
import io.tandem.conf.ModelScope;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One measured setting.
 *
 * @param id the unique name within its run; never parsed
 * @param lane the configuration of each lane; its device is not auto
 * @param concurrency the number of lanes that run at the same time
 * @param role its role in the benchmark
 * @param external the external implementation; null for Tandem's own trials
 */
public record Trial(
    String id, LaneConfig lane, int concurrency, Role role, @Nullable ExternalInfo external) {
  /** Role of a trial in a benchmark. */
  public enum Role {
    /** One lane with one intra-op thread; the reference of all speedups. */
    SERIAL_BASELINE,
    /** One lane with an intra-op thread for each core. */
    ALL_CORE_BASELINE,
    /** One of the settings to compare. */
    VARIANT,
    /** A repeat of the serial baseline (A/A), which shows the noise. */
    REPEAT,
    /** Another implementation of the same work. */
    EXTERNAL;

    /** Returns the name in columns, for example "serial_baseline". */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Trial {
    if (concurrency < 1) {
      throw new IllegalArgumentException("concurrency must be positive: " + concurrency);
    }
    if (lane.device() == DeviceChoice.AUTO) {
      throw new IllegalArgumentException("a trial has a device of one kind, not auto: " + id);
    }
    if ((role == Role.EXTERNAL) != (external != null)) {
      throw new IllegalArgumentException("an external trial, and no other, is described: " + id);
    }
  }

  /**
   * Returns a trial of Tandem's lanes, named by its settings, for example {@code
   * cpu-2x1-b8-fp32-executor}: device, lanes x threads, batch size, export, model scope.
   */
  public static Trial of(LaneConfig lane, int concurrency, Role role) {
    String suffix = role == Role.REPEAT ? "-repeat" : "";
    String id = name(lane, Integer.toString(concurrency)) + suffix;
    return new Trial(id, lane, concurrency, role, null);
  }

  /** Returns a trial of an external implementation with these settings. */
  public Trial by(String implementation, ExternalInfo about) {
    return new Trial(implementation, lane, concurrency, Role.EXTERNAL, about);
  }

  /** Returns whether the trial measures an external implementation. */
  public boolean isExternal() {
    return role == Role.EXTERNAL;
  }

  /** Returns whether both trials have the same settings, regardless of their baseline role. */
  public boolean isLike(Trial other) {
    return lane.equals(other.lane)
        && concurrency == other.concurrency
        && isRepeat() == other.isRepeat()
        && (isExternal() ? id.equals(other.id) : !other.isExternal());
  }

  /** Returns whether the export is the only difference to another trial of Tandem. */
  public boolean differsInExportOnly(Trial other) {
    LaneConfig sameExport =
        new LaneConfig(
            lane.device(),
            lane.intraOpThreads(),
            lane.batchSize(),
            other.export(),
            lane.modelScope());
    return !export().equals(other.export())
        && sameExport.equals(other.lane)
        && concurrency == other.concurrency
        && !isExternal()
        && !other.isExternal();
  }

  /** Returns whether this is a baseline. */
  public boolean isBaseline() {
    return role == Role.SERIAL_BASELINE || role == Role.ALL_CORE_BASELINE;
  }

  /** Returns whether this is the A/A repeat. */
  public boolean isRepeat() {
    return role == Role.REPEAT;
  }

  /** Returns the kind of device that its lanes use. */
  public Device.Kind device() {
    return lane.device().kind();
  }

  /** Returns the intra-op threads of each lane. */
  public int intraOpThreads() {
    return lane.intraOpThreads();
  }

  /** Returns the frames of one forward pass. */
  public int batchSize() {
    return lane.batchSize();
  }

  /** Returns the export of the model. */
  public Export export() {
    return lane.export();
  }

  /** Returns the scope in which a loaded model is shared. */
  public ModelScope modelScope() {
    return lane.modelScope();
  }

  /** Returns the intra-op threads of all its lanes. */
  public int threads() {
    return concurrency * lane.intraOpThreads();
  }

  /** Returns the number of cores that its lanes can use. */
  public int processors(int cores) {
    return Math.min(threads(), cores);
  }

  /** Returns whether it has more threads on the CPU than there are cores. */
  public boolean isOversubscribed(int cores) {
    return device() == Device.Kind.CPU && threads() > cores;
  }

  /** Returns a name shared by all trials that differ only in concurrency. */
  public String series() {
    return isExternal() ? id : name(lane, "N");
  }

  private static String name(LaneConfig lane, String lanes) {
    return "%s-%sx%d-b%d-%s-%s"
        .formatted(
            lane.device().kind(),
            lanes,
            lane.intraOpThreads(),
            lane.batchSize(),
            lane.export().name(),
            lane.modelScope().name().toLowerCase(Locale.ROOT));
  }
}
