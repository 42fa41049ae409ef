package io.tandem.lane;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Maps Spark's GPU addresses to CUDA ordinals in this process. Spark's addresses come from its
 * discovery script on the host, and CUDA numbers the visible GPUs from 0; they differ with {@code
 * CUDA_VISIBLE_DEVICES} and in containers.
 *
 * @param count the number of GPUs that CUDA shows in this process
 * @param cudaVisibleDevices the value of {@code CUDA_VISIBLE_DEVICES}; null if not set
 * @param granted the addresses of all GPUs that Spark assigned to this executor; empty if unknown
 */
record VisibleGpus(int count, @Nullable String cudaVisibleDevices, List<String> granted) {
  VisibleGpus {
    granted = List.copyOf(granted);
  }

  /**
   * Returns the CUDA ordinal of the GPU at a Spark address.
   *
   * @throws DeviceException if the GPU is not visible in this process
   */
  int ordinalOf(String address) {
    if (count == 0) {
      throw new DeviceException(
          "Spark assigned GPU %s, but the engine sees no GPU here; it needs a CUDA build of its library, by engine.library-path (PyTorch), engine.onnxruntime-path or on the class path"
              .formatted(address));
    }
    String named = cudaVisibleDevices;
    int ordinal =
        named != null && !named.isBlank() ? amongNamed(address, named) : amongAll(address);
    if (ordinal < 0 || ordinal >= count) {
      throw new DeviceException(
          "Spark assigned GPU %s, but the engine sees %d here%s"
              .formatted(
                  address,
                  count,
                  named == null || named.isBlank()
                      ? ", numbered from 0; the discovery script must print the indexes that the executors see"
                      : ": CUDA_VISIBLE_DEVICES=%s leaves it out".formatted(named)));
    }
    return ordinal;
  }

  /** The variable's entries, numbers or UUIDs, get the ordinals 0, 1, ... in their order. */
  private static int amongNamed(String address, String named) {
    List<String> entries = new ArrayList<>();
    for (String entry : named.split(",", -1)) {
      entries.add(entry.strip());
    }
    return entries.indexOf(address);
  }

  private int amongAll(String address) {
    boolean numbers = address.matches("\\d+") && granted.stream().allMatch(g -> g.matches("\\d+"));
    if (!numbers) {
      return granted.size() == count ? granted.indexOf(address) : -1;
    }
    boolean allFit =
        Integer.parseInt(address) < count
            && granted.stream().allMatch(g -> Integer.parseInt(g) < count);
    if (allFit) {
      return Integer.parseInt(address);
    }
    // A container shows just the GPUs that were granted, renumbered in their order.
    return granted.size() == count
        ? granted.stream()
            .sorted(Comparator.comparingInt(Integer::parseInt))
            .toList()
            .indexOf(address)
        : -1;
  }
}
