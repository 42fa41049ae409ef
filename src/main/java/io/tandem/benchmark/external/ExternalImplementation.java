package io.tandem.benchmark.external;

import io.tandem.conf.Device;
import io.tandem.conf.Fit;
import io.tandem.model.ModelSpec;
import io.tandem.postprocess.Prediction;
import io.tandem.source.Frame;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * Another implementation of the same work, measured as an extra trial in each round of a benchmark.
 * Loaded by ServiceLoader, because it may need a library that not every build includes.
 */
public interface ExternalImplementation {

  /**
   * The work to do.
   *
   * @param device the kind of device to predict on
   * @param gpus the number of GPUs that the engine sees on an executor, regardless of the device
   * @param parts the frames of each task
   */
  record Work(
      ModelSpec model,
      Device.Kind device,
      int gpus,
      Fit fit,
      int batchSize,
      int topK,
      List<List<Frame>> parts) {
    public Work {
      parts = parts.stream().map(List::copyOf).toList();
    }
  }

  /** Result of one frame: its path in the work and its labels, best first. */
  record Answer(String path, List<Prediction> top) {
    public Answer {
      top = List.copyOf(top);
    }
  }

  /** Returns the trial's id, in columns and tables. */
  String id();

  /** Returns its name in a sentence. */
  String title();

  /** Returns a short remark for its row. */
  String remark();

  /** Returns full sentences: what its time includes and how its work differs from Tandem's. */
  String note();

  /** Returns why it cannot do this work; null if it can. */
  @Nullable String refusal(Work work);

  /**
   * Returns the results of one pass over the frames, in one stage with a partition for each part of
   * the work. A frame that cannot be read has no answer. The RDD must be lazy: no work before its
   * partitions are computed.
   */
  JavaRDD<Answer> predict(SparkSession spark, Work work);
}
