package io.tandem.lane;

import io.tandem.conf.Export;
import io.tandem.conf.Fit;
import io.tandem.conf.LaneConfig;
import io.tandem.conf.ModelScope;
import io.tandem.conf.Settings;
import io.tandem.conf.SettingsException;
import io.tandem.engine.Batch;
import io.tandem.engine.Engine;
import io.tandem.engine.EngineOptions;
import io.tandem.engine.LoadedModel;
import io.tandem.engine.Predictor;
import io.tandem.engine.SessionOptions;
import io.tandem.frame.ByteSource;
import io.tandem.frame.FrameDecoder;
import io.tandem.frame.FramesInMemory;
import io.tandem.frame.HadoopByteSource;
import io.tandem.frame.UnchangedByteSource;
import io.tandem.model.InputContract;
import io.tandem.model.ModelSpec;
import io.tandem.postprocess.TaskTypes;
import io.tandem.source.Frame;
import io.tandem.spark.HadoopConf;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;

/**
 * Everything that a task needs to open a lane; travels from the driver to the task.
 *
 * @param lanes how many lanes work at the same time
 * @param topK how many labels a classification keeps
 * @param pictures where the pictures go that the model returns
 */
public record LaneSpec(
    ModelSpec model,
    LaneConfig config,
    int lanes,
    int topK,
    Feeding feeding,
    EngineOptions options,
    HadoopConf hadoop,
    PictureSink pictures)
    implements Serializable {

  /** The size of test pictures of a model that takes any: what most networks' strides divide. */
  private static final int TEST_WIDTH = 128;

  private static final int TEST_HEIGHT = 96;

  /**
   * The settings of a lane's feed: decoding and read-ahead.
   *
   * @param followed whether files arrive while they are read, so that they may still change
   */
  public record Feeding(Settings.Decoding decoding, Settings.Lane lane, boolean followed)
      implements Serializable {}

  /**
   * Returns the lanes of a configuration.
   *
   * @param lanes how many work at the same time
   */
  public static LaneSpec of(
      Settings settings, ModelSpec model, LaneConfig config, int lanes, HadoopConf hadoop) {
    requireFit(model, settings.frames().decoding().fit());
    LaneSpec spec =
        new LaneSpec(
            model,
            config,
            lanes,
            settings.output().topK(),
            new Feeding(
                settings.frames().decoding(), settings.lane(), settings.infer().follow().enabled()),
            EngineOptions.of(settings),
            hadoop,
            PictureSink.NONE);
    LaneMemory.of(spec, 0).requireBatch();
    return spec;
  }

  private static void requireFit(ModelSpec model, Fit fit) {
    if (fit != Fit.MODEL && model.keepsSizes() != (fit == Fit.NONE)) {
      throw new SettingsException(
          model.keepsSizes()
              ? "frames.fit = %s needs a size, and the model takes frames of any size; omit it, or set model.properties.fit, model.width and model.height"
                  .formatted(fit.name().toLowerCase(Locale.ROOT))
              : "frames.fit = none keeps the frames' own sizes, and the model takes %d x %d pixels; omit it, or set model.properties.fit=none if the model takes any size"
                  .formatted(model.width(), model.height()));
    }
  }

  /** Returns the same lanes for a model that takes another input. */
  LaneSpec with(InputContract input) {
    return new LaneSpec(model.with(input), config, lanes, topK, feeding, options, hadoop, pictures);
  }

  /** Returns the same lanes with another place for their pictures. */
  public LaneSpec with(PictureSink sink) {
    return new LaneSpec(model, config, lanes, topK, feeding, options, hadoop, sink);
  }

  /** Returns the frames of one forward pass. */
  public int batchSize() {
    return config.batchSize();
  }

  /** Returns the engine of the model, started in this JVM. */
  Engine engine() {
    return ExecutorState.ofThisJvm().engine(model.export().engine(), options);
  }

  /**
   * Starts the engine in this JVM, pins the calling thread's intra-op threads, and returns the
   * device of the running task.
   */
  public LaneDevice pin() {
    LaneDevice device = LaneDevice.ofThisTask(config.device(), engine());
    Export export = model.export();
    if (!export.runsOn(device.device().kind())) {
      throw new DeviceException(
          "the export %s runs on a %s only, and the lanes have a %s; name another by model.export"
              .formatted(export, export.device(), device.device().kind()));
    }
    pinThreads();
    return device;
  }

  /** Pins the calling thread's intra-op threads. */
  public void pinThreads() {
    engine().pinIntraOpThreads(config.intraOpThreads());
  }

  /** Returns who shares the lane's model. */
  public ModelScope modelScope() {
    return config.modelScope();
  }

  /** Opens a lane on a device, which reads files. */
  public Lane open(LaneDevice on) {
    return open(on, files());
  }

  /** Opens a lane on a device, which reads from this source. */
  public Lane open(LaneDevice on, ByteSource source) {
    Predictor predictor = openPredictor(on, config.modelScope());
    return new Lane(openFeed(on, source), predictor, this, pictures.open(conf()));
  }

  /** Opens a predictor on a device, whose model is shared as the scope says. */
  public Predictor openPredictor(LaneDevice on, ModelScope scope) {
    Predictor predictor = openWhole(on, scope);
    ModelSpec.ModelInput takes = model.takes();
    Predictor fitting =
        takes.batch() == 0 ? predictor : new LoopingPredictor(predictor, takes.batch());
    return takes.tile() == 0
        ? fitting
        : new TiledPredictor(
            fitting,
            takes.tile(),
            takes.tileOverlap(),
            "nhwc".equals(model.properties().get("output.layout")));
  }

  private Predictor openWhole(LaneDevice on, ModelScope scope) {
    return switch (scope) {
      case EXECUTOR -> {
        Models.Use use =
            ExecutorState.ofThisJvm().share(model, on.device(), session(), options, conf());
        yield Predictors.closing(use.model().newPredictor(model, session()), use::close);
      }
      case TASK -> ownModel(on);
      case PREDICTION -> Predictors.reloading(() -> ownModel(on));
    };
  }

  /** Returns what the model's file says of its inputs and outputs; empty if it says nothing. */
  public List<String> signature(LaneDevice on) {
    try (Models.Use use =
        ExecutorState.ofThisJvm().share(model, on.device(), session(), options, conf())) {
      return use.model().signature();
    }
  }

  private Predictor ownModel(LaneDevice on) {
    LoadedModel own =
        ExecutorState.ofThisJvm().load(model, on.device(), session(), options, conf());
    return Predictors.owning(own, () -> own.newPredictor(model, session()));
  }

  private SessionOptions session() {
    int batch = model.takes().batch() == 0 ? batchSize() : model.takes().batch();
    return new SessionOptions(config.intraOpThreads(), batch, lanes);
  }

  /** Returns a whole batch of test pictures, of the model's size or of a small one. */
  public Batch batch(ByteBuffer pixels) {
    return batch(pixels, batchSize());
  }

  /** Returns the shape of one test picture. */
  Batch testFrame() {
    return batch(ByteBuffer.allocate(0), 1);
  }

  private Batch batch(ByteBuffer pixels, int frames) {
    return new Batch(
        pixels,
        frames,
        model.input().layout(),
        model.takes().channels().count(),
        model.keepsSizes() ? TEST_WIDTH : model.width(),
        model.keepsSizes() ? TEST_HEIGHT : model.height());
  }

  Results results() {
    return new Results(model, TaskTypes.of(model).postprocessor(model, topK));
  }

  /** Opens a feed of decoded frames. */
  public Feed openFeed(LaneDevice on, ByteSource source) {
    if (model.keepsSizes()) {
      return new OwnSizeFeed(
          source,
          this::openDecoder,
          feeding.lane(),
          batchSize(),
          decodeThreads(on),
          LaneMemory.MOST_PIXELS);
    }
    return new BatchFeed(source, this::openDecoder, feeding.lane(), batchSize(), decodeThreads(on));
  }

  FrameDecoder openDecoder() {
    ModelSpec.ModelInput takes = model.takes();
    return new FrameDecoder(
        model.width(),
        model.height(),
        model.input().layout(),
        takes.channels(),
        takes.framing(),
        JpegChoice.ofThisHost(feeding.decoding()).withFit(takes.fit(feeding.decoding().fit())));
  }

  /** Reads as many of the frames as a lane may read ahead, by their bytes. */
  public FramesInMemory inMemory(List<Frame> frames) {
    return FramesInMemory.read(files(), frames, feeding.lane().readAheadBytes());
  }

  /** Returns the source that reads files, thread-safe. */
  public ByteSource files() {
    ByteSource files =
        new HadoopByteSource(
            conf(), feeding.decoding().maxBytes(), feeding.lane().frameTimeoutSeconds());
    return feeding.followed() ? new UnchangedByteSource(files, conf()) : files;
  }

  private Configuration conf() {
    return hadoop.get();
  }

  /** Returns the number of threads that decode for each lane. */
  int decodeThreads(LaneDevice on) {
    TaskContext task = TaskContext.get();
    return decodeThreads(feeding.lane(), on, task == null ? 1 : task.cpus());
  }

  /** On a GPU the CPUs of a task only feed it; on the CPU they are the lane's. */
  static int decodeThreads(Settings.Lane lane, LaneDevice on, int taskCpus) {
    boolean helpers = on.device().isGpu() && lane.readAhead() > 0;
    return lane.decodeThreads().orElse(helpers ? Math.max(1, taskCpus) : 0);
  }
}
