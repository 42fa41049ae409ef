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
 * @param id names the trial within its run; readable, but never parsed
 * @param lane how each of its lanes predicts; its device is a kind, not left open
 * @param concurrency how many lanes work at the same time
 * @param role what the trial is measured for
 * @param external about the other implementation that does the work; null where we do it
 */
public record Trial(
    String id, LaneConfig lane, int concurrency, Role role, @Nullable ExternalInfo external) {
  /** What a trial is measured for. */
  public enum Role {
    /** One lane with one intra-op thread, which all others are compared with. */
    SERIAL_BASELINE,
    /** One lane with an intra-op thread for each core. */
    ALL_CORE_BASELINE,
    /** One of the settings to compare. */
    VARIANT,
    /** The serial baseline once more (A/A), which shows the noise. */
    REPEAT,
    /** Another implementation of the same work. */
    EXTERNAL;

    /** Returns the name in columns, such as "serial_baseline". */
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
   * Returns a trial of our own, named by its setting, such as {@code cpu-2x1-b8-fp32-executor}:
   * device, lanes x threads, batch size, export, model scope.
   */
  public static Trial of(LaneConfig lane, int concurrency, Role role) {
    String suffix = role == Role.REPEAT ? "-again" : "";
    String id = name(lane, Integer.toString(concurrency)) + suffix;
    return new Trial(id, lane, concurrency, role, null);
  }

  /** Returns the same setting as another implementation of this name measures it. */
  public Trial by(String implementation, ExternalInfo about) {
    return new Trial(implementation, lane, concurrency, Role.EXTERNAL, about);
  }

  /** Returns whether another implementation does the work. */
  public boolean isExternal() {
    return role == Role.EXTERNAL;
  }

  /** Returns whether both measure the same setting, whatever they are compared with. */
  public boolean isLike(Trial other) {
    return lane.equals(other.lane)
        && concurrency == other.concurrency
        && isRepeat() == other.isRepeat()
        && (isExternal() ? id.equals(other.id) : !other.isExternal());
  }

  /** Returns whether the others are compared with it. */
  public boolean isBaseline() {
    return role == Role.SERIAL_BASELINE || role == Role.ALL_CORE_BASELINE;
  }

  /** Returns whether it measures the serial baseline once more. */
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

  /** Returns the export's precision. */
  public String precision() {
    return lane.export().precision();
  }

  /** Returns who shares one loaded model. */
  public ModelScope modelScope() {
    return lane.modelScope();
  }

  /** Returns the intra-op threads of all its lanes. */
  public int threads() {
    return concurrency * lane.intraOpThreads();
  }

  /** Returns how many of the cores its lanes can use. */
  public int processors(int cores) {
    return Math.min(threads(), cores);
  }

  /** Returns a name that it has in common with trials of another concurrency only. */
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
