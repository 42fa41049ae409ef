package io.tandem.conf;

import java.io.Serializable;

/**
 * One export of a model: a file that one engine runs at one precision.
 *
 * @param name names the export within its model folder
 * @param engine the engine that runs it, such as "pytorch"
 * @param precision its number format, such as "fp32"
 */
public record Export(String name, String engine, String precision) implements Serializable {
  /** The engine of a model that does not name one. */
  public static final String DEFAULT_ENGINE = "pytorch";
}
