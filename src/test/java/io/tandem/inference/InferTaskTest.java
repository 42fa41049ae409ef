package io.tandem.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.Paths;
import io.tandem.Tandem;
import io.tandem.TestFileSystem;
import io.tandem.conf.AutoInt;
import io.tandem.conf.LaneConfig;
import io.tandem.conf.Settings;
import io.tandem.engine.EngineOptions;
import io.tandem.frame.FrameDecoder;
import io.tandem.frame.PixelBuffer;
import io.tandem.lane.ExecutorState;
import io.tandem.lane.LaneSpec;
import io.tandem.lane.PictureSink;
import io.tandem.model.ModelSpec;
import io.tandem.quarantine.Guard;
import io.tandem.source.Frame;
import io.tandem.source.FrameSplit;
import io.tandem.spark.Session;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tasks that end before their frames do: cut short, failed, killed. */
@Tag("spark")
final class InferTaskTest {
  @Test
  void taskThatEndsEarly_leavesNoThreadBufferOrFile() throws Exception {
    Settings settings =
        Tandem.settings(
            "model.path=" + Paths.MODELS.resolve("mobilenet-float").toAbsolutePath(),
            "infer.batch-size=2");
    try (Session session = InferJob.open(settings)) {
      session.hadoop().addResource(TestFileSystem.configuration(0));
      LaneSpec readsAhead = spec(session, settings);
      JavaRDD<Row> rows = rows(session, readsAhead);
      for (int warm = 0; warm < 3; warm++) {
        rows.take(1);
      }
      long files = openFiles();

      for (int time = 0; time < 66; time++) {
        assertThat(rows.take(1)).hasSize(1);
      }
      for (int time = 0; time < 67; time++) {
        JavaFutureAction<List<Row>> job = rows(session, readsAhead).collectAsync();
        Thread.sleep(time % 20);
        job.cancel(true);
        assertThatThrownBy(job::get).isNotNull();
      }
      TestFileSystem.OPENINGS.put(
          "bigbuckbunny-0009.jpg",
          () -> {
            throw new AssertionError("a bug");
          });
      for (int time = 0; time < 67; time++) {
        assertThatThrownBy(rows::collect).hasStackTraceContaining("lane failed on test:");
      }

      await(() -> helpers() == 0);
      assertThat(helpers()).isZero();
      assertThat(openFiles()).isLessThanOrEqualTo(files + 3);
      assertThat(PixelBuffer.open()).isZero();
      assertThat(FrameDecoder.open()).isZero();
      assertThat(ExecutorState.ofThisJvm().takeLaneNumber()).isZero();
      ExecutorState.ofThisJvm().freeLaneNumber(0);
    } finally {
      TestFileSystem.reset();
    }
  }

  private static LaneSpec spec(Session session, Settings settings) {
    ModelSpec model = Tandem.spec(settings);
    return new LaneSpec(
        model,
        new LaneConfig(
            settings.infer().device(), 1, 2, model.export(), settings.infer().modelScope()),
        1,
        1,
        new LaneSpec.Feeding(
            settings.frames().decoding(), new Settings.Lane(8, 1 << 24, AutoInt.of(1), 60), false),
        EngineOptions.of(settings),
        session.broadcastHadoop(),
        PictureSink.NONE);
  }

  private static JavaRDD<Row> rows(Session session, LaneSpec spec) throws Exception {
    List<Frame> frames = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      Path file = Paths.FRAMES.resolve("bigbuckbunny-%04d.jpg".formatted(i));
      frames.add(Frame.image(TestFileSystem.url(file), Files.size(file), null, i));
    }
    InferTally tally = new InferTally();
    session.spark().sparkContext().register(tally);
    return session
        .context()
        .parallelize(List.of(new FrameSplit(frames, Map.of())), 1)
        .mapPartitions(new InferTask(spec, tally, new Guard(Map.of())));
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  /** Killed tasks clean up by themselves, a little later than their job ends. */
  private static void await(Condition condition) throws Exception {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.holds() && System.nanoTime() < until) {
      Thread.sleep(50);
    }
  }

  private static long helpers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().matches("tandem-(read|decode)-.*"))
        .count();
  }

  private static long openFiles() throws Exception {
    try (var files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }
}
