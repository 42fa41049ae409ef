package io.tandem.spark;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.spark.SparkConf;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("spark")
final class GpuRequestTest {
  @ParameterizedTest
  @CsvSource({
    "spark://a:7077, 1, 0.33",
    "spark://a:7077, 1, 0.5",
    "spark://a:7077, 2, 2",
    "yarn, 1, 1",
    "'local-cluster[2,4,1024]', 1, 0.25",
    "'local[4]', , "
  })
  void whatSparkCanDivide_isLeftToIt(
      String master, @Nullable String executor, @Nullable String task) {
    assertThatCode(() -> GpuRequest.check(conf(master, executor, task))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "spark://a:7077, 4, 2.5, spark.task.resource.gpu.amount = 2.5 cannot be divided: at most",
    "spark://a:7077, 2, 1.5, spark.task.resource.gpu.amount = 1.5 cannot be divided",
    "spark://a:7077, 1, 2, spark.task.resource.gpu.amount = 2 is more than an executor has",
    "spark://a:7077, 0.5, 0.5, spark.executor.resource.gpu.amount takes a whole number: 0.5",
    "spark://a:7077, , 0.5, 'spark.task.resource.gpu.amount is set, but spark.executor.res'",
    "spark://a:7077, 1, , 'spark.executor.resource.gpu.amount is set, but spark.task.res'",
    "spark://a:7077, 1, none, spark.task.resource.gpu.amount must be positive: none",
    "spark://a:7077, 1, -1, spark.task.resource.gpu.amount must be positive: -1",
    "'local[2]', 1, 0.5, 'local[2] assigns no GPUs; '",
  })
  void whatItCannot_isRefused(
      String master, @Nullable String executor, @Nullable String task, String message) {
    assertThatThrownBy(() -> GpuRequest.check(conf(master, executor, task)))
        .isInstanceOf(ClusterException.class)
        .hasMessageStartingWith(message);
  }

  private static SparkConf conf(String master, @Nullable String executor, @Nullable String task) {
    SparkConf conf = new SparkConf(false).set("spark.master", master);
    if (executor != null) {
      conf.set(GpuRequest.EXECUTOR, executor);
    }
    if (task != null) {
      conf.set(GpuRequest.TASK, task);
    }
    return conf;
  }
}
