package io.tandem.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.Paths;
import io.tandem.Tandem;
import io.tandem.conf.Device;
import io.tandem.conf.Settings;
import io.tandem.engine.Batch;
import io.tandem.engine.EngineOptions;
import io.tandem.engine.LoadedModel;
import io.tandem.engine.Predictor;
import io.tandem.engine.SessionOptions;
import io.tandem.frame.PixelBuffer;
import io.tandem.frame.PixelLayout;
import io.tandem.model.ModelSpec;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

/** Real models of the real engine, shared and evicted. */
final class ModelsTest {
  private static final SessionOptions SESSION = new SessionOptions(1, 1, 1);

  private final Settings settings = Tandem.settings();
  private final AtomicLong clock = new AtomicLong();
  private final Models models = new Models(Duration.ofSeconds(10), clock::get);

  @Test
  void model_isSharedWhileLanesUseIt_andStaysForTheNextLane() {
    Models.Use first = models.use("a", this::load);
    Models.Use second = models.use("a", this::load);
    assertThat(second.model()).isSameAs(first.model());
    first.close();
    second.close();
    assertThat(models.use("a", this::load).model()).isSameAs(first.model());
  }

  @Test
  void modelThatNoLaneUses_isClosedWhenAnotherIsLoaded_butNotAtOnce() {
    Models.Use used = models.use("used", this::load);
    Models.Use idle = models.use("idle", this::load);
    idle.close();
    idle.close(); // A second time changes nothing.
    clock.addAndGet(Duration.ofSeconds(9).toNanos());
    models.use("b", this::load);
    assertThat(models.loaded()).isEqualTo(3);

    clock.addAndGet(Duration.ofSeconds(1).toNanos());
    models.use("c", this::load);
    assertThat(models.loaded()).isEqualTo(3);
    assertThat(predicts(used.model())).isTrue();
    assertThatThrownBy(() -> predicts(idle.model())).isInstanceOf(RuntimeException.class);
    assertThat(models.use("idle", this::load).model()).isNotSameAs(idle.model());
  }

  @Test
  void loadingAModel_keepsNoOtherModelWaiting() throws Exception {
    CountDownLatch otherIsLoaded = new CountDownLatch(1);
    CompletableFuture<Models.Use> slow =
        CompletableFuture.supplyAsync(
            () ->
                models.use(
                    "slow",
                    () -> {
                      await(otherIsLoaded);
                      return load();
                    }));
    CompletableFuture<Models.Use> other =
        CompletableFuture.supplyAsync(() -> models.use("other", this::load));
    other.get(60, TimeUnit.SECONDS);
    otherIsLoaded.countDown();
    assertThat(predicts(slow.get(60, TimeUnit.SECONDS).model())).isTrue();
  }

  @Test
  void loadThatFails_isTriedAgainByTheNextLane() {
    assertThatThrownBy(
            () ->
                models.use(
                    "a",
                    () -> {
                      throw new IllegalStateException("no memory");
                    }))
        .hasMessage("no memory");
    assertThat(predicts(models.use("a", this::load).model())).isTrue();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private LoadedModel load() {
    return ExecutorState.ofThisJvm()
        .load(spec(), Device.CPU, SESSION, EngineOptions.of(settings), new Configuration());
  }

  private ModelSpec spec() {
    return Tandem.spec(
        Tandem.settings("model.path=" + Paths.MODELS.resolve("mobilenet-float").toAbsolutePath()));
  }

  private boolean predicts(LoadedModel model) {
    try (Predictor predictor = model.newPredictor(spec(), SESSION);
        PixelBuffer pixels = new PixelBuffer(3L * 96 * 96)) {
      Batch batch = new Batch(pixels.bytes(), 1, PixelLayout.PLANES, 96, 96);
      return predictor.predict(batch).pick(null).values().length == 10;
    }
  }
}
