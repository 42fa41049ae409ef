package io.tandem.trial;

import io.tandem.conf.Device;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Software, machine and input of a run, as stored in {@code environment.json}.
 *
 * @param rules the rules for measuring trials and judging their validity
 */
public record Environment(
    Software software, Machine machine, Model model, Frames frames, Rules rules) {

  /** The versions of the software. */
  public record Software(
      String tandem, String spark, String hadoop, String engine, String java, String os) {}

  /**
   * The machine, or the cluster.
   *
   * @param cpu the processor's model name
   * @param cores the cores that the lanes share
   * @param gpus the GPUs that the engine sees
   * @param slots the number of tasks that can run at the same time
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
   * @param taskType the meaning of its outputs; null in runs that did not record it
   * @param exports the fingerprints of the exports that the run uses, by their names; null in runs
   *     that did not record them
   * @param engineOptions the options of the engine that change results or speed on GPUs
   */
  public record Model(
      String folder,
      String fingerprint,
      @Nullable String taskType,
      @Nullable Map<String, String> exports,
      Map<String, Boolean> engineOptions) {
    public Model {
      exports = exports == null ? null : new TreeMap<>(exports);
      engineOptions = Map.copyOf(engineOptions);
    }
  }

  /**
   * The frames.
   *
   * @param manifest null if the frames were listed from a folder
   * @param jpegDecoder the library that decoded JPEGs; null in runs of videos only, and in those
   *     that did not record it
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
   * @param duplicates number of rows that repeat a frame of an earlier row
   * @param missing number of its frames that do not exist
   * @param columns its other columns with their types, for example "camera STRING"
   */
  public record Manifest(
      String path, long rows, long duplicates, long missing, List<String> columns) {
    public Manifest {
      columns = List.copyOf(columns);
    }
  }

  /** Returns the same of another number of frames. */
  public Environment withFrames(int count) {
    return new Environment(
        software,
        machine,
        model,
        new Frames(count, frames.bytes, frames.manifest, frames.jpegDecoder),
        rules);
  }

  /**
   * Returns a description of the first difference that may change results, so that an inference
   * cannot be resumed; null if there is none.
   */
  public @Nullable String resultChangeTo(Environment now) {
    return firstChange(
        new Object[][] {
          {"the model's fingerprint", model.fingerprint, now.model.fingerprint},
          {"the list of the manifest's columns", frames.columns(), now.frames.columns()},
          {"the engine", software.engine, now.software.engine},
          {"the JPEG decoder", decoderBefore(now), now.frames.jpegDecoder},
        });
  }

  private static @Nullable String firstChange(@Nullable Object[][] values) {
    for (@Nullable Object[] value : values) {
      if (value[1] != null && !value[1].equals(value[2])) {
        return "%s was %s, and is %s".formatted(value);
      }
    }
    return null;
  }

  /** Returns the JPEG decoder; null if it is unknown, or if no images are left. */
  private @Nullable String decoderBefore(Environment now) {
    return now.frames.jpegDecoder == null ? null : frames.jpegDecoder;
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
   * Returns a description of the first difference that prevents resuming a benchmark; null if there
   * is none. A different Spark or Java version is a difference, because timings would not be
   * comparable.
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
    String changed = firstChange(values);
    if (changed != null) {
      return changed;
    }
    if (model.exports != null && !model.exports.equals(now.model.exports)) {
      return "the list of exports with their fingerprints was %s, and is %s"
          .formatted(model.exports, now.model.exports);
    }
    String decoder = decoderBefore(now);
    return decoder == null || decoder.equals(now.frames.jpegDecoder)
        ? null
        : "the JPEG decoder was %s, and is %s".formatted(decoder, now.frames.jpegDecoder);
  }
}
