package io.tandem.infer;

import io.tandem.conf.UsageException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What a model takes. */
public enum InputContract {
  /** uint8 [N, H, W, 3], RGB; the model normalises by itself. */
  UINT8_NHWC("uint8-nhwc"),
  /** float32 [N, 3, H, W], RGB / 255, less a mean, divided by a standard deviation. */
  FLOAT_NCHW("float-nchw");

  private final String key;

  InputContract(String key) {
    this.key = key;
  }

  static InputContract of(String name) {
    for (InputContract contract : values()) {
      if (contract.key.equals(name)) {
        return contract;
      }
    }
    throw new UsageException(
        "a model's input is one of %s, not: %s"
            .formatted(
                Arrays.stream(values()).map(c -> c.key).collect(Collectors.joining(", ")), name));
  }
}
