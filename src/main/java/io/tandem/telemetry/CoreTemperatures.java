package io.tandem.telemetry;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The temperature of each logical processor as Linux tells it below {@code /sys}: Intel's {@code
 * coretemp} has a sensor a core, by "Core N". Elsewhere there is none.
 */
final class CoreTemperatures {
  private final List<Path> inputs;

  private CoreTemperatures(List<Path> inputs) {
    this.inputs = inputs;
  }

  /**
   * @param sys {@code /sys}
   */
  static CoreTemperatures find(Path sys) {
    try {
      Map<String, Path> sensors = sensors(sys);
      List<Path> inputs = new ArrayList<>();
      for (Path cpu : processors(sys)) {
        Path input =
            sensors.get(
                text(cpu.resolve("topology/physical_package_id"))
                    + " "
                    + text(cpu.resolve("topology/core_id")));
        if (input == null) {
          return new CoreTemperatures(List.of());
        }
        inputs.add(input);
      }
      return new CoreTemperatures(inputs);
    } catch (IOException e) {
      return new CoreTemperatures(List.of());
    }
  }

  /** By "package core"; one coretemp device belongs to each package, numbered by its name. */
  private static Map<String, Path> sensors(Path sys) throws IOException {
    Map<String, Path> sensors = new HashMap<>();
    for (Path chip : list(sys.resolve("class/hwmon"), "hwmon*")) {
      if (!Files.exists(chip.resolve("name")) || !text(chip.resolve("name")).equals("coretemp")) {
        continue;
      }
      String packageId = "0";
      Map<String, Path> cores = new HashMap<>();
      for (Path label : list(chip, "temp*_label")) {
        String name = text(label);
        Path input = chip.resolve(String.valueOf(label.getFileName()).replace("_label", "_input"));
        if (name.startsWith("Package id ")) {
          packageId = name.substring("Package id ".length());
        } else if (name.startsWith("Core ")) {
          cores.put(name.substring("Core ".length()), input);
        }
      }
      for (Map.Entry<String, Path> core : cores.entrySet()) {
        sensors.put(packageId + " " + core.getKey(), core.getValue());
      }
    }
    return sensors;
  }

  private static Iterable<Path> processors(Path sys) throws IOException {
    Map<Integer, Path> byNumber = new TreeMap<>();
    for (Path cpu : list(sys.resolve("devices/system/cpu"), "cpu[0-9]*")) {
      byNumber.put(Integer.valueOf(String.valueOf(cpu.getFileName()).substring(3)), cpu);
    }
    return byNumber.values();
  }

  private static List<Path> list(Path folder, String glob) throws IOException {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
        entries.forEach(found::add);
      }
    }
    return found;
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file).strip();
  }

  /** Degrees Celsius of each logical processor; empty where they cannot be told. */
  List<Float> celsius() {
    List<Float> read = new ArrayList<>();
    try {
      for (Path input : inputs) {
        read.add(Integer.parseInt(text(input)) / 1000f);
      }
    } catch (IOException | NumberFormatException e) {
      return List.of();
    }
    return read;
  }
}
