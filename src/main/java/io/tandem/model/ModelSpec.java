package io.tandem.model;

import io.tandem.conf.Export;
import io.tandem.conf.Fit;
import io.tandem.frame.Channels;
import io.tandem.frame.Framing;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One export of a model: its files, its input and its output.
 *
 * @param fingerprint the SHA-256 of all its files
 */
public record ModelSpec(
    Location location, Export export, String fingerprint, ModelInput takes, ModelOutput returns)
    implements Serializable {
  /** The task type of a model that names none. */
  public static final String CLASSIFICATION = "classification";

  /**
   * The files of an export.
   *
   * @param folder the folder, with its scheme; empty for a model without a file
   * @param main the model's file
   * @param data the files in which it keeps tensors; they may be in folders below
   */
  public record Location(String folder, ModelFile main, List<ModelFile> data)
      implements Serializable {
    public Location {
      data = List.copyOf(data);
    }

    /** Returns all files, the model's file last. */
    List<ModelFile> files() {
      List<ModelFile> files = new ArrayList<>(data);
      files.add(main);
      return files;
    }
  }

  /**
   * A file of an export.
   *
   * @param name relative to the folder; in a folder beside it, {@code ../other/name}
   * @param length the bytes of the file
   * @param sha256 of the file; empty if only the JVM that read it loads it
   */
  public record ModelFile(String name, long length, String sha256) implements Serializable {
    private static final Pattern SIBLING = Pattern.compile("\\.\\./(?!\\.{1,2}/)[^/]+/");

    /** Returns the folder beside the model's that a name leads to; empty if it leads to none. */
    static String sibling(String name) {
      Matcher sibling = SIBLING.matcher(name);
      return sibling.lookingAt() ? sibling.group() : "";
    }

    /** Returns whether a text can be a file's name, with folders before it. */
    static boolean isName(String name) {
      return !name.isBlank() && !name.startsWith("/") && !name.matches("(?s)[^/]*:.*|.*\\p{Cc}.*");
    }

    /** Returns whether a name leads to another place than the folder and those beside it. */
    static boolean isFar(String name) {
      return List.of(name.substring(sibling(name).length()).split("/")).contains("..");
    }

    /** Returns the file's path, where the model's folder is at another place. */
    Path in(Path folder) {
      return folder.resolve(name).normalize();
    }

    /** Returns whether only the JVM that read the file loads it. */
    boolean isForThisJvm() {
      return sha256.isEmpty();
    }
  }

  /**
   * The input of a model.
   *
   * @param width in pixels; 0 if each frame keeps its own size
   * @param height in pixels; 0 if each frame keeps its own size
   * @param fit how a frame meets the size; null if the model does not say
   * @param framing the details of that
   * @param values what its floats are; bytes are as they are
   * @param batch how many frames the file takes; 0 for any number
   * @param tile the side in pixels of the tiles in which larger frames are predicted; 0 for none
   * @param tileOverlap how many pixels two tiles have in common
   */
  public record ModelInput(
      InputContract contract,
      int width,
      int height,
      @Nullable Fit fit,
      Framing framing,
      Channels channels,
      Values values,
      int batch,
      int tile,
      int tileOverlap)
      implements Serializable {
    /**
     * Returns how a frame meets the size.
     *
     * @param asked what the settings say
     */
    public Fit fit(Fit asked) {
      return asked != Fit.MODEL ? asked : fit == null ? Fit.CROP : fit;
    }

    /** Returns the same for another contract. */
    ModelInput with(InputContract other) {
      return new ModelInput(
          other, width, height, fit, framing, channels, values, batch, tile, tileOverlap);
    }
  }

  /**
   * The floats of an input: (scale(pixel) - mean) / std.
   *
   * @param mean of each channel, in the model's order; empty for 0
   * @param std the standard deviations; empty for 1
   */
  public record Values(Scale scale, List<Float> mean, List<Float> std) implements Serializable {
    /** Bytes, divided by 255. */
    public static final Values UNIT = new Values(Scale.UNIT, List.of(), List.of());

    public Values {
      mean = List.copyOf(mean);
      std = List.copyOf(std);
    }

    /** Returns the float of a byte. */
    public float of(int pixel, int channel) {
      float value = scale.of(pixel);
      float less = mean.isEmpty() ? value : value - mean.get(channel);
      return std.isEmpty() ? less : less / std.get(channel);
    }
  }

  /**
   * The output of a model.
   *
   * @param taskType the name of what it means
   * @param properties what the task type reads of the model's properties
   * @param labels of the classes in their order; empty if they are not known
   */
  public record ModelOutput(String taskType, OutputProperties properties, List<String> labels)
      implements Serializable {
    public ModelOutput {
      labels = List.copyOf(labels);
    }
  }

  /** Returns the placeholder for a model in the synthetic engine. */
  public static ModelSpec synthetic() {
    return new ModelSpec(
        new Location("synthetic", new ModelFile("none", 0, ""), List.of()),
        new Export("sleep", "synthetic", "sleep"),
        "synthetic",
        new ModelInput(
            InputContract.UINT8_NHWC,
            32,
            32,
            null,
            Framing.USUAL,
            Channels.RGB,
            Values.UNIT,
            0,
            0,
            0),
        new ModelOutput(
            CLASSIFICATION,
            new OutputProperties("synthetic", Map.of("output", "probabilities")),
            List.of("asleep")));
  }

  /** Returns the same model for another input. */
  public ModelSpec with(InputContract input) {
    return new ModelSpec(location, export, fingerprint, takes.with(input), returns);
  }

  /** Returns the same model; what its task type reads of its properties is noted. */
  public ModelSpec with(Readings readings) {
    return new ModelSpec(
        location,
        export,
        fingerprint,
        takes,
        new ModelOutput(
            taskType(),
            new OutputProperties(properties().path(), properties().values(), readings),
            labels()));
  }

  /** Returns whether each frame keeps its own size. */
  public boolean keepsSizes() {
    return width() == 0;
  }

  /** Returns whether it has a file. */
  public boolean hasFile() {
    return location.main().length() > 0;
  }

  /** Returns the folder of its file, with its scheme. */
  public String folder() {
    return location.folder();
  }

  /** Returns the name of its file. */
  public String file() {
    return location.main().name();
  }

  /**
   * Returns the path of its file.
   *
   * @param folder where its folder is on this host
   */
  public Path file(Path folder) {
    return location.main().in(folder);
  }

  /** Returns the format of its input tensor. */
  public InputContract input() {
    return takes.contract();
  }

  /** Returns the width of its input in pixels. */
  public int width() {
    return takes.width();
  }

  /** Returns the height of its input in pixels. */
  public int height() {
    return takes.height();
  }

  /** Returns the name of what its outputs mean. */
  public String taskType() {
    return returns.taskType();
  }

  /** Returns what its task type reads of its properties. */
  public OutputProperties properties() {
    return returns.properties();
  }

  /** Returns the labels of its classes; empty if they are not known. */
  public List<String> labels() {
    return returns.labels();
  }

  /** Returns the label of a class; its number if it has no label. */
  public String label(int index) {
    return index < labels().size() ? labels().get(index) : "class " + index;
  }
}
