package io.tandem.benchmark;

import io.tandem.conf.Settings;
import io.tandem.conf.SettingsException;
import io.tandem.conf.SettingsLoader;
import io.tandem.spark.ClusterException;
import io.tandem.spark.Session;
import io.tandem.spark.SparkSettings;
import io.tandem.text.RunJson;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * A benchmark in the Spark session of another program: the same frames serially and in parallel, as
 * {@code ./submit.sh benchmark} measures them. The session is neither changed nor stopped, and gets
 * no view. It needs as many task slots as the lanes to measure.
 *
 * <pre>{@code
 * BenchmarkResult result =
 *     Benchmark.builder().model("/models/net").frames("/frames").build().run(spark);
 * }</pre>
 */
public final class Benchmark {
  private final Settings settings;

  private Benchmark(Settings settings) {
    this.settings = settings;
  }

  /** Returns a builder; without calls of its methods the settings are those of reference.conf. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects the settings of a benchmark. */
  public static final class Builder {
    private final List<String> pairs = new ArrayList<>();

    private Builder() {}

    /** Sets the model's folder: a path of this machine, or of any file system of Hadoop. */
    public Builder model(String folder) {
      return text("model.path", folder);
    }

    /** Sets the frames: a folder, a file or a glob of images and videos. */
    public Builder frames(String path) {
      return text("frames.path", path);
    }

    /** Sets the run folder, which must not exist yet; otherwise it is out/benchmark-TIME. */
    public Builder output(String folder) {
      return text("output.path", folder);
    }

    /**
     * Sets any key of reference.conf.
     *
     * @param key such as "benchmark.budget"
     * @param value as in a settings file, such as "5m" or "[1, 2, 4]"
     */
    public Builder set(String key, String value) {
      pairs.add(key + "=" + value);
      return this;
    }

    private Builder text(String key, String value) {
      return set(key, RunJson.string(value));
    }

    /**
     * Returns the benchmark.
     *
     * @throws SettingsException if a key is unknown, or a value is not what its key takes
     */
    public Benchmark build() {
      Settings settings = SettingsLoader.load(null, pairs);
      if (settings.calibration().enabled()) {
        throw new SettingsException(
            "calibration.enabled is true, but a calibration is a command: ./submit.sh benchmark --conf conf/calibration.conf");
      }
      return new Benchmark(settings);
    }
  }

  /**
   * Runs the benchmark, and returns when it has ended.
   *
   * @throws io.tandem.conf.InputException if model, frames, settings or session cannot be used
   */
  public BenchmarkResult run(SparkSession spark) {
    return start(spark).result();
  }

  /**
   * Starts the benchmark in a thread of its own, with the job group and the other local properties
   * of this thread.
   *
   * @throws SettingsException if the settings ask for far more threads than there are cores
   * @throws ClusterException if the session is one of Spark Connect
   */
  public RunningBenchmark start(SparkSession spark) {
    Session session = Session.of(spark);
    SparkSettings.bounds(spark.sparkContext().getConf()).check(settings.benchmark());
    return RunningBenchmark.start(session, settings);
  }
}
