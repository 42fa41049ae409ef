package io.tandem.lane;

import io.tandem.model.ModelSpec;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.jspecify.annotations.Nullable;

/** The context of a lane: the columns that are the same for all its rows. */
public record LaneContext(
    String model,
    @Nullable String trial,
    @Nullable Integer round,
    String device,
    @Nullable String gpuAddress,
    int lane,
    String executor,
    String host,
    int partition,
    long taskAttempt) {

  /**
   * Returns the context of a lane in the running task; trial and round are null outside a
   * benchmark.
   */
  public static LaneContext ofThisTask(
      ModelSpec model,
      LaneDevice device,
      int lane,
      @Nullable String trial,
      @Nullable Integer round) {
    TaskContext task = TaskContext.get();
    SparkEnv env = SparkEnv.get();
    return new LaneContext(
        model.fingerprint(),
        trial,
        round,
        device.name(),
        device.gpuAddress(),
        lane,
        env.executorId(),
        env.blockManager().blockManagerId().host(),
        task.partitionId(),
        task.taskAttemptId());
  }
}
