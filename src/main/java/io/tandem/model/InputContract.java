package io.tandem.model;

import io.tandem.frame.PixelLayout;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The element type and the layout of a model's input. */
public record InputContract(Type type, PixelLayout layout) implements Serializable {
  /** The element type of an input. */
  public enum Type {
    /** Bytes; the model normalises by itself. */
    UINT8,
    /** float32. */
    FLOAT,
    FLOAT16,
    BFLOAT16;

    /** Returns whether Tandem scales and normalises the pixels. */
    public boolean isFloat() {
      return this != UINT8;
    }
  }

  /** uint8 [N, H, W, C]. */
  public static final InputContract UINT8_NHWC =
      new InputContract(Type.UINT8, PixelLayout.INTERLEAVED);

  /** uint8 [N, C, H, W]. */
  public static final InputContract UINT8_NCHW = new InputContract(Type.UINT8, PixelLayout.PLANES);

  /** float32 [N, C, H, W]. */
  public static final InputContract FLOAT_NCHW = new InputContract(Type.FLOAT, PixelLayout.PLANES);

  private static final List<InputContract> ALL =
      Stream.concat(
              Stream.of(UINT8_NHWC, UINT8_NCHW, FLOAT_NCHW),
              Arrays.stream(Type.values())
                  .flatMap(
                      type ->
                          Stream.of(PixelLayout.PLANES, PixelLayout.INTERLEAVED)
                              .map(layout -> new InputContract(type, layout))))
          .distinct()
          .toList();

  /** Returns all contracts, the most usual ones first. */
  public static List<InputContract> all() {
    return ALL;
  }

  /** Returns the contracts that a model probably has whose properties state a wrong one. */
  public static List<InputContract> usual() {
    return List.of(
        UINT8_NHWC,
        UINT8_NCHW,
        FLOAT_NCHW,
        new InputContract(Type.FLOAT, PixelLayout.INTERLEAVED),
        new InputContract(Type.FLOAT16, PixelLayout.PLANES),
        new InputContract(Type.BFLOAT16, PixelLayout.PLANES));
  }

  /** Returns the name in settings and properties, such as "float-nchw". */
  public String key() {
    return type.name().toLowerCase(Locale.ROOT)
        + (layout == PixelLayout.PLANES ? "-nchw" : "-nhwc");
  }

  @Override
  public String toString() {
    return key();
  }

  static InputContract of(String name) {
    return ALL.stream()
        .filter(contract -> contract.key().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ModelException(
                    "model.input",
                    "a model's input is one of %s, not: %s"
                        .formatted(
                            ALL.stream().map(InputContract::key).collect(Collectors.joining(", ")),
                            name)));
  }
}
