package io.tandem.trial;

import io.tandem.conf.Device;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a run ran and what it worked on, as {@code environment.json} keeps it.
 *
 * @param rules the rules by which a benchmark judges its trials
 */
public record Environment(
    Software software, Machine machine, Model model, Frames frames, Rules rules) {

  /** The versions of the software. */
  public record Software(
      String tandem, String spark, String hadoop, String engine, String java, String os) {}

  /**
   * The machine, or the cluster.
   *
   * @param cpu the processor's name for itself
   * @param cores the cores that the lanes share
   * @param gpus the GPUs that the engine sees
   * @param slots the tasks that can work at the same time
   * @param decodeThreads the decode threads of each lane, by the kind of its device
   */
  public record Machine(
      String cpu,
      int cores,
      int gpus,
      String master,
      int slots,
      Map<String, Integer> decodeThreads) {
    public Machine {
      decodeThreads = Map.copyOf(decodeThreads);
    }
  }

  /**
   * The model.
   *
   * @param folder its full path
   * @param fingerprint the SHA-256 of its files
   * @param engineOptions the options of the engine that change results or speed on GPUs
   */
  public record Model(String folder, String fingerprint, Map<String, Boolean> engineOptions) {
    public Model {
      engineOptions = Map.copyOf(engineOptions);
    }
  }

  /**
   * The frames.
   *
   * @param manifest null where the frames were listed by their folder
   * @param jpegDecoder the library that decoded JPEGs; null in runs that did not record it
   */
  public record Frames(
      int count, long bytes, @Nullable Manifest manifest, @Nullable String jpegDecoder) {

    private List<String> columns() {
      return manifest == null ? List.of() : manifest.columns();
    }
  }

  /**
   * The file that listed the frames.
   *
   * @param duplicates how many rows name a frame that an earlier row names
   * @param missing how many of its frames do not exist
   * @param columns its other columns with their types, such as "camera STRING"
   */
  public record Manifest(
      String path, long rows, long duplicates, long missing, List<String> columns) {
    public Manifest {
      columns = List.copyOf(columns);
    }
  }

  /** Returns the cores that the lanes share. */
  public int cores() {
    return machine.cores();
  }

  /** Returns the decode threads of each lane on this kind of device. */
  public int decodeThreads(Device.Kind device) {
    return machine.decodeThreads().getOrDefault(device.toString(), 0);
  }

  /**
   * Returns a sentence on the first difference that forbids to resume a benchmark; null where there
   * is none. Another version of Spark or Java counts: its timings could not be compared.
   */
  public @Nullable String changeTo(Environment now) {
    Object[][] values = {
      {"the model's fingerprint", model.fingerprint, now.model.fingerprint},
      {"the number of frames", frames.count, now.frames.count},
      {"the frames' bytes", frames.bytes, now.frames.bytes},
      {"the list of the manifest's columns", frames.columns(), now.frames.columns()},
      {"the CPU", machine.cpu, now.machine.cpu},
      {"the number of cores", machine.cores, now.machine.cores},
      {"the master", machine.master, now.machine.master},
      {"the engine", software.engine, now.software.engine},
      {"Spark", software.spark, now.software.spark},
      {"Java", software.java, now.software.java},
    };
    for (Object[] value : values) {
      if (!value[1].equals(value[2])) {
        return "%s was %s, and is %s".formatted(value);
      }
    }
    String decoder = frames.jpegDecoder;
    return decoder == null || decoder.equals(now.frames.jpegDecoder)
        ? null
        : "the JPEG decoder was %s, and is %s".formatted(decoder, now.frames.jpegDecoder);
  }
}
