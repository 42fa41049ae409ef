package io.tandem.conf;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * One export of a model: a file that one engine runs at one precision.
 *
 * @param name names the export within its model folder
 * @param engine the engine that runs it, such as "pytorch"
 * @param precision its number format, such as "fp32"
 * @param device the only kind of device that runs it; null for any
 * @param agreement the share of frames with the original's result, as measured when it was made;
 *     null if not known
 */
public record Export(
    String name,
    String engine,
    String precision,
    Device.@Nullable Kind device,
    @Nullable Double agreement)
    implements Serializable {
  /** The engine of a model that does not name one. */
  public static final String DEFAULT_ENGINE = "pytorch";

  /** Creates an export that runs on any device, and of which no agreement is known. */
  public Export(String name, String engine, String precision) {
    this(name, engine, precision, null, null);
  }

  /** Returns whether this kind of device runs it. */
  public boolean runsOn(Device.Kind kind) {
    return device == null || device == kind;
  }

  /** Returns the name. */
  @Override
  public String toString() {
    return name;
  }
}
