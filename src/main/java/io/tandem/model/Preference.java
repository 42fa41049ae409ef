package io.tandem.model;

import io.tandem.conf.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The export to use where the settings name none.
 *
 * @param export the name of the export
 * @param reason why, for a message; null if the CPUs do not decide it
 */
public record Preference(String export, @Nullable String reason) {
  /**
   * Returns the first export of a list that suits all CPUs; the last if none does.
   *
   * @param inOrder the exports in the model's order of preference
   * @param device the kind of device that is used
   * @param cpus the flags of the CPU of each executor
   */
  static Preference of(List<ModelExport> inOrder, Device.Kind device, List<Set<String>> cpus) {
    List<String> unsuitable = new ArrayList<>();
    for (ModelExport one : inOrder) {
      long suited = cpus.stream().filter(one::suits).count();
      String needs = String.join(" or ", one.cpuFlags());
      if (device == Device.Kind.GPU || suited == cpus.size()) {
        String reason =
            unsuitable.isEmpty()
                ? needs.isEmpty() ? null : "for CPUs with " + needs
                : String.join("; ", unsuitable);
        return new Preference(one.export().name(), reason);
      }
      unsuitable.add(
          "%s is for CPUs with %s, and %s"
              .formatted(one.export().name(), needs, without(cpus.size() - suited, cpus.size())));
    }
    return new Preference(
        inOrder.get(inOrder.size() - 1).export().name(), String.join("; ", unsuitable));
  }

  private static String without(long lacking, int all) {
    return all == 1
        ? "this one has none of them"
        : "those of %d of %d executors have none of them".formatted(lacking, all);
  }
}
