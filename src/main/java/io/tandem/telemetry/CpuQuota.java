package io.tandem.telemetry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The CPU quotas of this process on Linux: of its control group and of those above it. Reads {@code
 * cpu.stat} of cgroup v1 and v2, which both count a quota's periods and those in which it held the
 * group's threads back (kernel documentation, admin-guide/cgroup-v2 and scheduler/sched-bwc).
 */
final class CpuQuota {
  private static final Path SYSTEM = Path.of("/");
  private static final CpuQuota PROCESS = of(SYSTEM);

  private final List<Path> stats;

  private CpuQuota(List<Path> stats) {
    this.stats = List.copyOf(stats);
  }

  /** Returns the quotas of this process. */
  static CpuQuota ofThisProcess() {
    return PROCESS;
  }

  /**
   * Returns the quotas of the process whose files are below a root.
   *
   * @param root the parent of {@code proc/self/cgroup} and {@code sys/fs/cgroup}
   */
  static CpuQuota of(Path root) {
    Set<Path> stats = new LinkedHashSet<>();
    for (String line : lines(root.resolve("proc/self/cgroup"))) {
      String[] fields = line.split(":", 3); // number:controllers:path
      if (fields.length == 3) {
        for (Path mount : mounts(root.resolve("sys/fs/cgroup"), fields[1])) {
          stats.addAll(groups(mount, fields[2]));
        }
      }
    }
    return new CpuQuota(stats.stream().filter(stat -> periods(stat).isPresent()).toList());
  }

  private static List<Path> mounts(Path cgroup, String controllers) {
    if (controllers.isEmpty()) { // Version 2; beside version 1 it is below "unified".
      return List.of(cgroup, cgroup.resolve("unified"));
    }
    return Arrays.asList(controllers.split(",")).contains("cpu")
        ? List.of(cgroup.resolve(controllers), cgroup.resolve("cpu"))
        : List.of();
  }

  /** Returns the files of a group and of those above it; in a container its mount is the group. */
  private static List<Path> groups(Path mount, String path) {
    List<Path> stats = new ArrayList<>();
    Path group = mount.resolve(path.replaceFirst("^/+", "")).normalize();
    while (group.startsWith(mount)) {
      stats.add(group.resolve("cpu.stat"));
      if (group.equals(mount)) {
        break;
      }
      group = group.resolve("..").normalize();
    }
    return stats;
  }

  /** The periods of a quota so far, and how many of them held threads back. */
  private record Periods(long all, long throttled) {}

  /** The periods of all quotas, in the order of their groups. */
  static final class Counts {
    private final List<Optional<Periods>> periods;

    private Counts(List<Optional<Periods>> periods) {
      this.periods = periods;
    }

    /**
     * Returns the share of the periods in which a quota held threads back, 0 to 1, of the quota
     * that did most; null if the machine does not count them.
     */
    @Nullable Double throttledSince(Counts earlier) {
      Double most = null;
      for (int i = 0; i < periods.size(); i++) {
        Optional<Periods> from = earlier.periods.get(i);
        Optional<Periods> to = periods.get(i);
        if (from.isPresent() && to.isPresent()) {
          long all = to.get().all - from.get().all;
          long throttled = to.get().throttled - from.get().throttled;
          double share = all <= 0 ? 0 : Math.min(1, (double) throttled / all);
          most = most == null ? share : Math.max(most, share);
        }
      }
      return most;
    }
  }

  /**
   * Returns the cores that the smallest quota grants, such as 1.5; null if there is no quota. Java
   * counts a part of a core as a whole one.
   */
  @Nullable Double cores() {
    return stats.stream()
        .map(stat -> cores(stat.resolveSibling("cpu.max"), stat))
        .flatMap(Optional::stream)
        .min(Double::compare)
        .orElse(null);
  }

  /** Version 2 has quota and period in one file; the quota is "max" there, or -1, if off. */
  private static Optional<Double> cores(Path both, Path stat) {
    List<String> words =
        lines(both).stream().flatMap(line -> Arrays.stream(line.strip().split(" "))).toList();
    if (words.isEmpty()) {
      words = new ArrayList<>(lines(stat.resolveSibling("cpu.cfs_quota_us")));
      words.addAll(lines(stat.resolveSibling("cpu.cfs_period_us")));
    }
    if (words.size() != 2) {
      return Optional.empty();
    }
    long quota = number(words.get(0));
    long period = number(words.get(1));
    return quota <= 0 || period <= 0 ? Optional.empty() : Optional.of((double) quota / period);
  }

  /** Reads the counts. */
  Counts counts() {
    return new Counts(stats.stream().map(CpuQuota::periods).toList());
  }

  private static Optional<Periods> periods(Path stat) {
    long all = -1;
    long throttled = -1;
    for (String line : lines(stat)) {
      if (line.startsWith("nr_periods ")) {
        all = count(line);
      } else if (line.startsWith("nr_throttled ")) {
        throttled = count(line);
      }
    }
    return all < 0 || throttled < 0 ? Optional.empty() : Optional.of(new Periods(all, throttled));
  }

  private static long count(String line) {
    return number(line.substring(line.indexOf(' ') + 1));
  }

  /** Returns -1 for what is no number. */
  private static long number(String text) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      return List.of(); // Not Linux, or no such group.
    }
  }
}
