package io.tandem.inference;

import io.tandem.run.PredictionTable;
import io.tandem.run.PredictionTable.Part;
import io.tandem.source.FramePaths;
import io.tandem.source.StorageException;
import io.tandem.spark.Session;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Predicts the frames of a DataFrame, in the shape of Spark ML's Transformer: each row gets a
 * struct column with the result of its frame, and one with timings; all other columns stay.
 *
 * <pre>{@code
 * FrameInference inference = FrameInference.builder().model("s3a://models/net").build();
 * Dataset<Row> predicted = inference.transform(spark.read().format("binaryFile").load("s3a://frames/"));
 * predicted.select("path", "prediction.label", "timings.forward_us").show();
 * }</pre>
 *
 * <p>It is lazy, and works on streaming Datasets too. Each task works with one lane: it loads the
 * model unless its JVM has it already, reads and decodes ahead, and predicts in batches. A frame
 * that cannot be read or decoded has null results, and says why in the field {@code error}; a model
 * that cannot be used fails the job. Instances are immutable, and may be used in several sessions.
 */
public final class FrameInference {
  private final CallerSettings settings;
  private final String input;
  private final String result;
  private final @Nullable String timings;

  private FrameInference(Builder builder, CallerSettings settings) {
    this.settings = settings;
    this.input = builder.input;
    this.result = builder.result;
    this.timings = builder.timings;
  }

  /** Returns a builder, which needs a model; everything else has a default. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects what an inference works with. */
  public static final class Builder {
    private final Map<String, String> settings = new HashMap<>();
    private String input = "path";
    private String result = "prediction";
    private @Nullable String timings = "timings";

    private Builder() {}

    /**
     * Sets the folder of the model: a path or URL of any file system that Hadoop knows.
     *
     * @param folder has a model file and {@code serving.properties}
     */
    public Builder model(String folder) {
      return set("model.path", folder);
    }

    /**
     * Sets the column that has the frames; {@code path} by default.
     *
     * @param column has paths or URLs (a string column: its tasks read the files, ahead), bytes of
     *     image files (binary), or images in the struct of Spark's data source {@code image}
     */
    public Builder input(String column) {
      input = Objects.requireNonNull(column, "column");
      return this;
    }

    /**
     * Sets the name of the struct column with the columns of the model's task type and {@code
     * error}; {@code prediction} by default.
     */
    public Builder result(String column) {
      result = Objects.requireNonNull(column, "column");
      return this;
    }

    /**
     * Sets the name of the struct column with place and times of each frame, in microseconds;
     * {@code timings} by default.
     */
    public Builder timings(String column) {
      timings = Objects.requireNonNull(column, "column");
      return this;
    }

    /** Leaves the timings out. */
    public Builder withoutTimings() {
      timings = null;
      return this;
    }

    /**
     * Sets a setting, such as {@code infer.batch-size} or {@code model.export}: a key of
     * reference.conf without {@code tandem.}, of those that say how a frame is predicted. By
     * default a lane has a thread for each core of its task ({@code spark.task.cpus}), and batches
     * of 4 frames.
     */
    public Builder set(String key, Object value) {
      settings.put(Objects.requireNonNull(key, "key"), value.toString());
      return this;
    }

    /**
     * Returns the inference; no model is read yet.
     *
     * @throws io.tandem.conf.SettingsException if no model is named, or a setting is unknown, has
     *     no meaning for DataFrames, or has a wrong value
     * @throws ColumnException if both structs have the same name
     */
    public FrameInference build() {
      if (result.equalsIgnoreCase(timings)) {
        throw new ColumnException(
            "results and timings are two columns, and cannot both have the name " + result);
      }
      return new FrameInference(this, CallerSettings.ofDataFrame(settings));
    }
  }

  /**
   * Returns the rows with the results of their frames appended. Reads the model's folder, and
   * starts no job; the session stays as it is.
   *
   * @throws ColumnException if the input column is not there or has another type, or a column has
   *     the name of one to be appended
   * @throws io.tandem.conf.InputException if the model's folder cannot be used, or the session is
   *     one of Spark Connect
   */
  public Dataset<Row> transform(Dataset<Row> frames) {
    Session session = Session.of(frames.sparkSession());
    StructType given = frames.schema();
    InputColumn column = InputColumn.of(given, input);
    requireNew(given);
    CallerLanes lanes = CallerLanes.of(session, settings);
    RowTask task = new RowTask(lanes.lanes(), column, paths(session), parts());
    return frames.mapPartitions(task, Encoders.row(schema(given, lanes)));
  }

  /** Relative paths are relative to the driver's folder, also on executors. */
  private static FramePaths paths(Session session) {
    try {
      return new FramePaths(".", session.hadoop());
    } catch (IOException e) {
      throw new StorageException("the default file system cannot be used", e);
    }
  }

  /**
   * Returns the schema that {@link #transform} makes of a schema. Reads the model's folder with
   * Hadoop's configuration of the active session.
   *
   * @throws ColumnException as {@link #transform}
   * @throws io.tandem.conf.InputException if the model's folder cannot be used
   * @throws IllegalStateException if no session is active in this thread
   */
  public StructType transformSchema(StructType schema) {
    var unused = InputColumn.of(schema, input);
    requireNew(schema);
    return schema(schema, CallerLanes.of(Session.of(SparkSession.active()), settings));
  }

  private StructType schema(StructType given, CallerLanes lanes) {
    PredictionTable table = PredictionTable.of(lanes.model());
    StructType whole = given.add(result, table.schema(Part.PREDICTION));
    return timings == null ? whole : whole.add(timings, table.schema(Part.TIMINGS));
  }

  private List<Part> parts() {
    List<Part> parts = new ArrayList<>(List.of(Part.PREDICTION));
    if (timings != null) {
      parts.add(Part.TIMINGS);
    }
    return parts;
  }

  private void requireNew(StructType given) {
    for (String name : given.fieldNames()) {
      if (name.equalsIgnoreCase(result) || name.equalsIgnoreCase(timings)) {
        throw new ColumnException(
            "the DataFrame has a column %s already; name the new one otherwise, by %s(...)"
                .formatted(name, name.equalsIgnoreCase(result) ? "result" : "timings"));
      }
    }
  }
}
