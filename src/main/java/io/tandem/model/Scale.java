package io.tandem.model;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What a float input makes of the bytes of a pixel, before mean and deviation. */
public enum Scale {
  /** 0 to 1. */
  UNIT("1/255"),
  /** 0 to 255. */
  NONE("none"),
  /** -1 to 1. */
  SIGNED("-1..1");

  private final String key;

  Scale(String key) {
    this.key = key;
  }

  /** Returns the name in properties. */
  public String key() {
    return key;
  }

  /** Returns the value of a byte of 0 to 255, in float32 as PyTorch computes it. */
  public float of(int pixel) {
    return switch (this) {
      case UNIT -> pixel / 255f;
      case NONE -> pixel;
      case SIGNED -> pixel / 127.5f - 1;
    };
  }

  static Scale named(String name) {
    return Arrays.stream(values())
        .filter(scale -> scale.key.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ModelException(
                    "model.properties.scale",
                    "a model's scale is one of %s, not: %s"
                        .formatted(
                            Arrays.stream(values())
                                .map(Scale::key)
                                .collect(Collectors.joining(", ")),
                            name)));
  }
}
