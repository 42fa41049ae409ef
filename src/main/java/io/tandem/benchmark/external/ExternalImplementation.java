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
 * Another implementation of the same work, measured as one more trial of each round of a benchmark.
 * Found by ServiceLoader, because it may need a library that not every build has.
 */
public interface ExternalImplementation {

  /**
   * The work to do.
   *
   * @param device the kind of device to predict on
   * @param gpus how many GPUs the engine sees on an executor, whatever the device
   * @param parts the frames: a part is a task's
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

  /** The result of one frame, by its path in the work: its labels, best first. */
  record Answer(String path, List<Prediction> top) {
    public Answer {
      top = List.copyOf(top);
    }
  }

  /** Returns the trial's id, in columns and tables. */
  String id();

  /** Returns its name in a sentence. */
  String title();

  /** Returns a few words that belong beside its row. */
  String remark();

  /** Returns the same in sentences: what its time contains, and how its work differs from ours. */
  String note();

  /** Returns why it cannot do this work; null where it can. */
  @Nullable String refusal(Work work);

  /**
   * Returns the results of one pass over the frames, in one stage with a partition for each part of
   * the work. A frame that it cannot read has no answer. Nothing is done before the partitions are
   * asked for.
   */
  JavaRDD<Answer> predict(SparkSession spark, Work work);
}
