package io.tandem.lane;

import io.tandem.conf.LaneConfig;
import io.tandem.conf.ModelScope;
import io.tandem.conf.Settings;
import io.tandem.engine.BatchPredictor;
import io.tandem.engine.Predictors;
import io.tandem.engine.SleepingPredictor;
import io.tandem.engine.TorchEngine;
import io.tandem.frame.ByteSource;
import io.tandem.frame.FrameDecoder;
import io.tandem.frame.FramesInMemory;
import io.tandem.frame.HadoopByteSource;
import io.tandem.model.ModelSpec;
import io.tandem.source.Frame;
import io.tandem.spark.HadoopConf;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;

/**
 * All that a task needs to open a lane; travels from the driver to the task. {@code lanes} are
 * those that work at the same time.
 */
public record LaneSpec(
    ModelSpec model,
    LaneConfig config,
    int lanes,
    int topK,
    Settings.Decoding decoding,
    Settings.Lane lane,
    Settings.Engine engine,
    Settings.Synthetic synthetic,
    HadoopConf hadoop)
    implements Serializable {

  /**
   * Returns the lanes of a configuration.
   *
   * @param lanes how many work at the same time
   */
  public static LaneSpec of(
      Settings settings, ModelSpec model, LaneConfig config, int lanes, HadoopConf hadoop) {
    return new LaneSpec(
        model,
        config,
        lanes,
        settings.output().topK(),
        settings.frames().decoding(),
        settings.lane(),
        settings.engine(),
        settings.synthetic(),
        hadoop);
  }

  /** Returns the frames of one forward pass. */
  public int batchSize() {
    return config.batchSize();
  }

  /** Starts the engine in this JVM and pins the calling thread's intra-op threads. */
  public LaneDevice pin() {
    TorchEngine.start(engine);
    LaneDevice pinned = LaneDevice.ofThisTask(config.device());
    TorchEngine.pinIntraOpThreads(config.intraOpThreads());
    return pinned;
  }

  public Lane open(LaneDevice on) {
    BatchPredictor predictor = openPredictor(on, config.modelScope());
    return new Lane(openFeed(on, new HadoopByteSource(conf())), predictor, model);
  }

  public BatchPredictor openPredictor(LaneDevice on, ModelScope scope) {
    return synthetic.isOn()
        ? new SleepingPredictor(synthetic, lanes, batchSize())
        : Predictors.open(model, scope, on.device(), batchSize(), topK, engine, conf());
  }

  public BatchFeed openFeed(LaneDevice on, ByteSource source) {
    return new BatchFeed(source, this::openDecoder, lane, batchSize(), decodeThreads(on));
  }

  FrameDecoder openDecoder() {
    return new FrameDecoder(model.width(), model.height(), model.input().layout(), decoding);
  }

  /** As many of the frames as a lane may read ahead, by their bytes. */
  public FramesInMemory inMemory(List<Frame> of) {
    return FramesInMemory.read(new HadoopByteSource(conf()), of, lane.readAheadBytes());
  }

  private Configuration conf() {
    return hadoop.get();
  }

  /** How many threads decode for each lane. */
  int decodeThreads(LaneDevice on) {
    TaskContext task = TaskContext.get();
    return decodeThreads(lane, on, task == null ? 1 : task.cpus());
  }

  /** On a GPU the task's CPUs have nothing to do but to feed it; on the CPU they are the lane's. */
  static int decodeThreads(Settings.Lane lane, LaneDevice on, int taskCpus) {
    boolean helpers = on.device().isGpu() && lane.readAhead() > 0;
    return lane.decodeThreads().orElse(helpers ? Math.max(1, taskCpus) : 0);
  }
}
