package io.tandem.model;

import io.tandem.conf.Export;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An export as {@code serving.properties} describes it.
 *
 * @param file its file in the folder; null to look for one by the folder's names
 * @param cpuFlags flags of {@code /proc/cpuinfo}: it is fast only on CPUs with one of these; empty
 *     for every CPU
 */
record ModelExport(Export export, @Nullable String file, List<String> cpuFlags) {
  ModelExport {
    cpuFlags = List.copyOf(cpuFlags);
  }

  /**
   * Returns whether it is fast on a CPU.
   *
   * @param flags the flags of the CPU
   */
  boolean suits(Set<String> flags) {
    return cpuFlags.isEmpty() || cpuFlags.stream().anyMatch(flags::contains);
  }
}
