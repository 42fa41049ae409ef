package io.tandem.trial;

import io.tandem.conf.Device;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a run ran, as {@code environment.json} keeps it. {@code cores} are those that the lanes
 * share; {@code trials} are a benchmark's, the serial baseline first, the one with every core
 * second; {@code decodeThreads} are those of a lane on each kind of device, "cpu" or "gpu"; {@code
 * engineOptions} those switches of the engine that change results or speed on GPUs; {@code
 * contenders} those of the trials that are somebody else's, by their ids; {@code manifest} is null
 * where the frames were listed by their folder; {@code jpegDecoder} names the library that decoded
 * JPEGs, null in runs that did not record it yet.
 */
public record Environment(
    String tandem,
    String spark,
    String hadoop,
    String engine,
    String java,
    String os,
    String cpu,
    int cores,
    int gpus,
    String master,
    int slots,
    String model,
    String fingerprint,
    int frames,
    long frameBytes,
    List<String> trials,
    Map<String, Integer> decodeThreads,
    Map<String, Boolean> engineOptions,
    Map<String, ContenderEntry> contenders,
    Rules rules,
    @Nullable Manifest manifest,
    @Nullable String jpegDecoder) {

  /**
   * The file that listed the frames: its rows, how many of them name a frame again that an earlier
   * one names, how many frames are not there, and its columns that go along, "camera STRING".
   */
  public record Manifest(
      String path, long rows, long duplicates, long missing, List<String> columns) {
    public Manifest {
      columns = List.copyOf(columns);
    }
  }

  public Environment {
    trials = List.copyOf(trials);
    decodeThreads = Map.copyOf(decodeThreads);
    // Runs of before had none.
    engineOptions = Map.copyOf(Objects.requireNonNullElse(engineOptions, Map.of()));
    contenders = Map.copyOf(Objects.requireNonNullElse(contenders, Map.of()));
  }

  /** The id of the baseline with every core, which is planned second; null where there is none. */
  public @Nullable String allCores() {
    return planned().stream()
        .filter(trial -> trial.role() == Trial.Role.ALL_CORE_BASELINE)
        .map(Trial::id)
        .findFirst()
        .orElse(null);
  }

  /** Returns the trials, the baselines first. */
  public List<Trial> planned() {
    Map<String, String> external = new HashMap<>();
    contenders.forEach((id, entry) -> external.put(id, entry.setting()));
    return LegacyTrials.of(trials, external);
  }

  private List<String> columns() {
    return manifest == null ? List.of() : manifest.columns();
  }

  /** How many helper threads decode for each lane on such a device. */
  public int decodeThreads(Device.Kind device) {
    return decodeThreads.getOrDefault(device.toString(), 0);
  }

  /**
   * What is not as it was, where a benchmark cannot be gone on with; null where it can. Another
   * version of Spark or Java is told too: timings would not be of the same thing.
   */
  public @Nullable String changeTo(Environment now) {
    Object[][] things = {
      {"the model's fingerprint", fingerprint, now.fingerprint},
      {"the number of frames", frames, now.frames},
      {"the frames' bytes", frameBytes, now.frameBytes},
      {"the list of the manifest's columns", columns(), now.columns()},
      {"the CPU", cpu, now.cpu},
      {"the cores", cores, now.cores},
      {"the master", master, now.master},
      {"the engine", engine, now.engine},
      {"Spark", spark, now.spark},
      {"Java", java, now.java},
      {"the list of trials", trials, now.trials},
    };
    if (jpegDecoder != null && !jpegDecoder.equals(now.jpegDecoder)) {
      return "the JPEG decoder was %s, and is %s".formatted(jpegDecoder, now.jpegDecoder);
    }
    for (Object[] thing : things) {
      if (!thing[1].equals(thing[2])) {
        return "%s was %s, and is %s".formatted(thing);
      }
    }
    return null;
  }
}
