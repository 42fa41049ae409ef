package io.tandem.model;

import io.tandem.conf.Export;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
   * @param name relative to the folder
   * @param length the bytes of the file
   * @param sha256 of the file; empty if only the JVM that read it loads it
   */
  public record ModelFile(String name, long length, String sha256) implements Serializable {
    /** Returns whether only the JVM that read the file loads it. */
    boolean isForThisJvm() {
      return sha256.isEmpty();
    }
  }

  /**
   * The input of a model.
   *
   * @param mean of R, G and B, on a scale of 0 to 1; empty if the model normalises by itself
   * @param std the standard deviations, on the same scale
   */
  public record ModelInput(
      InputContract contract, int width, int height, List<Float> mean, List<Float> std)
      implements Serializable {
    public ModelInput {
      mean = List.copyOf(mean);
      std = List.copyOf(std);
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
        new ModelInput(InputContract.UINT8_NHWC, 32, 32, List.of(), List.of()),
        new ModelOutput(
            CLASSIFICATION,
            new OutputProperties("synthetic", Map.of("output", "probabilities")),
            List.of("asleep")));
  }

  /** Returns the same model for another input, by default without a mean. */
  public ModelSpec with(InputContract input) {
    ModelInput other =
        new ModelInput(
            input,
            width(),
            height(),
            mean().isEmpty() ? List.of(0f, 0f, 0f) : mean(),
            std().isEmpty() ? List.of(1f, 1f, 1f) : std());
    return new ModelSpec(location, export, fingerprint, other, returns);
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

  /** Returns the means of R, G and B. */
  public List<Float> mean() {
    return takes.mean();
  }

  /** Returns the standard deviations of R, G and B. */
  public List<Float> std() {
    return takes.std();
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
