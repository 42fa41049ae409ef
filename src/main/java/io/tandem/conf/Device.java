package io.tandem.conf;

import java.io.Serializable;
import java.util.Locale;

/**
 * A device that an engine runs a model on.
 *
 * @param index the GPU, as the engine numbers those that this process sees; 0 for the CPU
 */
public record Device(Kind kind, int index) implements Serializable {
  /** The processor of the host. */
  public static final Device CPU = new Device(Kind.CPU, 0);

  /** The kind of a device. */
  public enum Kind {
    /** The cores of the host. */
    CPU,
    /** One GPU. */
    GPU;

    /**
     * Returns the kind of this name.
     *
     * @throws IllegalArgumentException unless the name is "cpu" or "gpu"
     */
    public static Kind of(String name) {
      for (Kind kind : values()) {
        if (kind.toString().equals(name)) {
          return kind;
        }
      }
      throw new IllegalArgumentException("device must be cpu or gpu: " + name);
    }

    /** Returns the name in columns and settings: "cpu" or "gpu". */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Device {
    if (index < 0 || (kind == Kind.CPU && index > 0)) {
      throw new IllegalArgumentException(
          "no device of kind %s has index %d".formatted(kind, index));
    }
  }

  /** Returns the GPU of this index. */
  public static Device gpu(int index) {
    return new Device(Kind.GPU, index);
  }

  /** Returns whether it is a GPU. */
  public boolean isGpu() {
    return kind == Kind.GPU;
  }

  /** Returns "cpu", or "gpu:1". */
  @Override
  public String toString() {
    return isGpu() ? "gpu:" + index : "cpu";
  }
}
