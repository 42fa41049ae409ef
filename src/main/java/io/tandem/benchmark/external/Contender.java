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
 * Somebody else's means of doing the same work, to be measured as one more trial of each round of a
 * benchmark. Found as a service, because it may stand on what not every build has.
 */
public interface Contender {

  /**
   * What is to be done.
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

  /** What became of one frame, named by its path as the work names it: its labels, best first. */
  record Answer(String path, List<Prediction> top) {
    public Answer {
      top = List.copyOf(top);
    }
  }

  /** The trial's id, in columns and tables. */
  String id();

  /** What it is called in a sentence. */
  String title();

  /** What must stand beside its row, in a few words. */
  String remark();

  /** The same in sentences: what its time contains, and where its work differs from ours. */
  String note();

  /** Why it cannot do this work; null where it can. */
  @Nullable String refusal(Work work);

  /**
   * One pass over the frames, in one stage with a partition for each part of the work. A frame that
   * it cannot read has no answer. Nothing is done before the partitions are asked for.
   */
  JavaRDD<Answer> predict(SparkSession spark, Work work);
}
