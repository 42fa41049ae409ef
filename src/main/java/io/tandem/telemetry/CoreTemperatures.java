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
 * Reads the temperature of each logical processor from Linux's {@code /sys}. Supports Intel's
 * {@code coretemp}, which has one sensor per core, labelled "Core N"; other machines report none.
 */
final class CoreTemperatures {
  private final List<Path> inputs;

  private CoreTemperatures(List<Path> inputs) {
    this.inputs = inputs;
  }

  /**
   * Finds the sensors of all logical processors; finds none if any of them has no sensor.
   *
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

  /**
   * Returns the input files, keyed by "package core". Each package has one coretemp device, whose
   * label contains its number.
   */
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

  /** Returns the temperature of each logical processor in degrees Celsius; empty if unknown. */
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
