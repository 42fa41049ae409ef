package io.tandem.model;

import io.tandem.frame.PixelLayout;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The input format of a model. */
public enum InputContract {
  /** uint8 [N, H, W, 3], RGB; the model normalises by itself. */
  UINT8_NHWC("uint8-nhwc", PixelLayout.INTERLEAVED),
  /** uint8 [N, 3, H, W], R, G and B; the model normalises by itself. */
  UINT8_NCHW("uint8-nchw", PixelLayout.PLANES),
  /** float32 [N, 3, H, W], RGB / 255, less a mean, divided by a standard deviation. */
  FLOAT_NCHW("float-nchw", PixelLayout.PLANES);

  private final String key;
  private final PixelLayout layout;

  InputContract(String key, PixelLayout layout) {
    this.key = key;
    this.layout = layout;
  }

  /** Returns the name in settings and properties. */
  public String key() {
    return key;
  }

  /** Returns the layout of the pixels that the engine gets. */
  public PixelLayout layout() {
    return layout;
  }

  static InputContract of(String name) {
    for (InputContract contract : values()) {
      if (contract.key.equals(name)) {
        return contract;
      }
    }
    throw new ModelException(
        "model.input",
        "a model's input is one of %s, not: %s"
            .formatted(
                Arrays.stream(values()).map(c -> c.key).collect(Collectors.joining(", ")), name));
  }
}
