package io.tandem.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On folders made like Linux's {@code /sys}. */
final class CoreTemperaturesTest {
  @TempDir Path sys;

  @Test
  void logicalProcessors_getTheirCoresTemperature() throws IOException {
    // Two packages with a core of two threads each.
    for (int cpu = 0; cpu < 4; cpu++) {
      write("devices/system/cpu/cpu%d/topology/physical_package_id".formatted(cpu), "" + cpu % 2);
      write("devices/system/cpu/cpu%d/topology/core_id".formatted(cpu), "8");
    }
    write("class/hwmon/hwmon0/name", "nvme");
    chip(1, "Package id 0", 41_000);
    chip(2, "Package id 1", 55_500);
    CoreTemperatures temperatures = CoreTemperatures.find(sys);
    assertThat(temperatures.celsius()).containsExactly(41f, 55.5f, 41f, 55.5f);

    Files.delete(sys.resolve("class/hwmon/hwmon2/temp2_input"));
    assertThat(temperatures.celsius()).isEmpty();
  }

  @Test
  void otherMachines_haveNone() throws IOException {
    assertThat(CoreTemperatures.find(sys).celsius()).isEmpty();
    write("devices/system/cpu/cpu0/topology/physical_package_id", "0");
    write("devices/system/cpu/cpu0/topology/core_id", "0");
    write("class/hwmon/hwmon0/name", "k10temp");
    write("class/hwmon/hwmon0/temp1_label", "Tctl");
    write("class/hwmon/hwmon0/temp1_input", "60000");
    assertThat(CoreTemperatures.find(sys).celsius()).isEmpty();
  }

  private void chip(int number, String packageLabel, int millidegrees) throws IOException {
    String chip = "class/hwmon/hwmon%d/".formatted(number);
    write(chip + "name", "coretemp");
    write(chip + "temp1_label", packageLabel);
    write(chip + "temp1_input", "70000");
    write(chip + "temp2_label", "Core 8");
    write(chip + "temp2_input", "" + millidegrees);
  }

  private void write(String file, String text) throws IOException {
    Path path = sys.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text + "\n");
  }
}
