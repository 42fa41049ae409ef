package io.tandem.conf;

/** The device that the user asks for; a lane's device is resolved in the task. */
public enum DeviceChoice {
  /** A GPU if Spark assigned one, otherwise the CPU. */
  AUTO,
  /** The CPU. */
  CPU,
  /** The GPU that Spark assigns to the task. */
  GPU;

  /** Returns the choice of just this kind of device. */
  public static DeviceChoice of(Device.Kind kind) {
    return kind == Device.Kind.GPU ? GPU : CPU;
  }

  /**
   * Returns the kind of device that is chosen.
   *
   * @throws IllegalStateException for {@link #AUTO}, which is resolved in the task
   */
  public Device.Kind kind() {
    return switch (this) {
      case CPU -> Device.Kind.CPU;
      case GPU -> Device.Kind.GPU;
      case AUTO -> throw new IllegalStateException("device = auto is resolved in the task");
    };
  }
}
