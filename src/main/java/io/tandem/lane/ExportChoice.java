package io.tandem.lane;

import io.tandem.conf.Device;
import io.tandem.conf.DeviceChoice;
import io.tandem.conf.Export;
import io.tandem.model.ModelFolder;
import io.tandem.model.Preference;
import io.tandem.spark.Progress;
import io.tandem.spark.Session;
import io.tandem.telemetry.CpuFlags;
import java.util.List;
import java.util.Set;

/**
 * Chooses the export of a run where the settings name none: one for all lanes, by what the CPUs of
 * all executors have.
 */
public final class ExportChoice {
  private ExportChoice() {}

  /** Chooses for this JVM, the only one in local mode, where no GPU is assigned. */
  public static Preference here(ModelFolder folder) {
    return folder.preferred(List.of(Device.Kind.CPU), List.of(CpuFlags.ofThisHost()));
  }

  /**
   * Chooses by what the executors reported at startup.
   *
   * @param devices the devices of the run, the most important first
   */
  public static Preference of(Session session, ModelFolder folder, List<DeviceChoice> devices) {
    List<Device.Kind> kinds = devices.stream().map(session::kind).distinct().toList();
    return folder.preferred(kinds, folder.hasPreferences() ? cpus(session) : List.of());
  }

  /**
   * Returns those of some exports that are meant for the CPUs of all executors, if the devices of
   * the run include them.
   */
  public static List<Export> suitable(
      Session session, ModelFolder folder, List<DeviceChoice> devices, List<Export> of) {
    if (devices.stream().map(session::kind).noneMatch(Device.Kind.CPU::equals)) {
      return of;
    }
    List<Set<String>> cpus = cpus(session);
    return of.stream().filter(export -> folder.suits(export, cpus)).toList();
  }

  private static List<Set<String>> cpus(Session session) {
    if (session.isLocal()) {
      return List.of(CpuFlags.ofThisHost());
    }
    session.awaitExecutors();
    // Executors that come later may have any CPU.
    return session.executorsComeAndGo() ? List.of(Set.of()) : ExecutorHosts.cpuFlags(session);
  }

  /** Says which export is used, and why, if the CPUs decided it. */
  public static void announce(Preference choice, Progress progress) {
    if (choice.reason() != null) {
      progress.say("export %s: %s (model.export)".formatted(choice.export(), choice.reason()));
    }
  }
}
