package io.tandem.quarantine;

import io.tandem.source.Frame;
import io.tandem.source.FrameRef;
import io.tandem.spark.MemoryFailure;
import io.tandem.spark.SparkSettings;
import java.io.IOException;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channel on which executors of a cluster announce frames. A task announces nothing until an
 * executor ended with an earlier attempt of it; then it goes frame by frame, and announces each one
 * before it works on it.
 */
public final class QuarantinePlugin implements SparkPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(QuarantinePlugin.class);

  private static final String MAX_FAILURES = "spark.task.maxFailures";

  /**
   * A frame takes three attempts of its task, and of those that share its executor: one
   * unannounced, one that makes it a suspect, and one alone.
   */
  private static final int ENOUGH_ATTEMPTS = 16;

  /** Attempts that may end for other reasons, as Spark has it. */
  private static final int ENOUGH_OTHERS = 4;

  private static volatile @Nullable LostFrames lost;
  private static volatile @Nullable PluginContext executor;

  /** Adds the plugin if the executors are processes of their own. */
  public static void addTo(SparkConf conf) {
    if (!SparkSettings.isLocal(conf)) {
      SparkSettings.addPlugin(QuarantinePlugin.class, conf);
      conf.setIfMissing(MAX_FAILURES, Integer.toString(ENOUGH_ATTEMPTS));
    }
  }

  /** Tells the driver's side where losses go; null if nothing is predicted. */
  static void setLost(@Nullable LostFrames frames) {
    lost = frames;
  }

  /** What a task says. */
  private enum Kind {
    /** Asks whether an earlier attempt was lost. */
    STARTED,
    /** Asks what is known of a frame. */
    STANDING,
    BEGIN,
    BEGIN_ALONE,
    END
  }

  private record Word(
      Kind kind, String executor, int stage, int partition, long task, @Nullable FrameRef frame)
      implements Serializable {}

  /** Returns the watch of the running task; null if no executor ended with it. */
  static @Nullable Watch watchOfThisTask() {
    PluginContext channel = executor;
    TaskContext task = TaskContext.get();
    if (channel == null || task.attemptNumber() + task.stageAttemptNumber() == 0) {
      return null;
    }
    Announcing watch = new Announcing(channel, task);
    return Boolean.TRUE.equals(watch.ask(Kind.STARTED, null)) ? watch : null;
  }

  /** Answers with Java's own types: executors cannot read others before they have the jar. */
  private static Object answer(Word word) {
    LostFrames known = lost;
    FrameRef frame = word.frame;
    if (word.kind == Kind.STARTED) {
      return known != null && known.isLost(new LostFrames.Partition(word.stage, word.partition));
    }
    if (known == null) {
      return Standing.CLEAR.name();
    }
    if (frame == null || word.kind == Kind.END) {
      known.end(word.executor, word.task);
      return Standing.CLEAR.name();
    }
    if (word.kind != Kind.STANDING) {
      known.begin(word.executor, word.task, frame, word.kind == Kind.BEGIN_ALONE);
    }
    return known.standing(frame).name();
  }

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverPlugin() {
      @Override
      public Map<String, String> init(SparkContext context, PluginContext plugin) {
        context.addSparkListener(new Listener(context));
        return Map.of();
      }

      @Override
      public @Nullable Object receive(Object message) {
        return message instanceof Word word ? answer(word) : null;
      }
    };
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorPlugin() {
      @Override
      public void init(PluginContext context, Map<String, String> unused) {
        executor = context;
      }
    };
  }

  /**
   * Learns which executors ended by what they did. A frame is not to blame for a process that was
   * killed or out of memory, or that ended before there were frames: for these, Spark's own number
   * of attempts is enough.
   */
  private static final class Listener extends SparkListener {
    private final SparkContext context;
    private final Map<LostFrames.Partition, Integer> others = new HashMap<>();

    Listener(SparkContext context) {
      this.context = context;
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      if (!(end.reason() instanceof ExecutorLostFailure failure) || !failure.exitCausedByApp()) {
        return;
      }
      String why = failure.toErrorString();
      LostFrames known = lost;
      var partition = new LostFrames.Partition(end.stageId(), end.taskInfo().partitionId());
      if (known != null && !MemoryFailure.isNamedIn(why)) {
        known.lost(failure.execId(), partition);
        return;
      }
      if (known != null) {
        known.forget(failure.execId());
      }
      if (others.merge(partition, 1, Integer::sum) == ENOUGH_OTHERS) {
        context.cancelStage(end.stageId(), "%d executors ended: %s".formatted(ENOUGH_OTHERS, why));
      }
    }
  }

  /** Announces each frame to the driver, and waits until the driver knows of it. */
  private static final class Announcing implements Watch {
    private final PluginContext channel;
    private final TaskContext task;
    private final String name = SparkEnv.get().executorId();

    Announcing(PluginContext channel, TaskContext task) {
      this.channel = channel;
      this.task = task;
    }

    private Word word(Kind kind, @Nullable FrameRef frame) {
      return new Word(kind, name, task.stageId(), task.partitionId(), task.taskAttemptId(), frame);
    }

    Object ask(Kind kind, @Nullable FrameRef frame) {
      try {
        return channel.ask(word(kind, frame));
      } catch (Exception e) { // Spark declares no more.
        throw new IllegalStateException("the driver does not respond", e);
      }
    }

    @Override
    public boolean isOneByOne() {
      return true;
    }

    @Override
    public Standing standing(Frame frame) {
      return Standing.valueOf((String) ask(Kind.STANDING, frame.ref()));
    }

    @Override
    public void begin(Frame frame, boolean alone) {
      ask(alone ? Kind.BEGIN_ALONE : Kind.BEGIN, frame.ref());
    }

    @Override
    public void end(Frame frame) {
      ask(Kind.END, null);
    }

    @Override
    public void close() {
      try {
        channel.send(word(Kind.END, null));
      } catch (IOException | RuntimeException e) {
        LOG.debug("the end of a task did not reach the driver", e);
      }
    }
  }
}
