package io.tandem.run;

import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.tandem.lane.LaneContext;
import io.tandem.run.Columns.Column;
import io.tandem.telemetry.ClockOffset;
import io.tandem.timing.LaneTiming;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Makes the rows of {@code lanes/}: one for each lane of a trial and round. Times are in
 * microseconds.
 */
public final class LaneRow {
  private record Source(
      LaneContext lane, String cpu, LaneTiming timing, @Nullable ClockOffset clock) {}

  private static final Columns<Source> COLUMNS =
      Columns.of(
          List.of(
              new Column<>("trial", StringType, s -> s.lane.trial()),
              new Column<>("round", IntegerType, s -> s.lane.round()),
              new Column<>("lane", IntegerType, s -> s.lane.lane()),
              new Column<>("device", StringType, s -> s.lane.device()),
              new Column<>("gpu_address", StringType, s -> s.lane.gpuAddress()),
              new Column<>("executor", StringType, s -> s.lane.executor()),
              new Column<>("host", StringType, s -> s.lane.host()),
              new Column<>("cpu", StringType, s -> s.cpu),
              phase("load_us", LaneTiming.Phases::loadUs),
              phase("warmup_us", LaneTiming.Phases::warmupUs),
              phase("barrier_us", LaneTiming.Phases::barrierUs),
              new Column<>("started_us", LongType, s -> s.timing.startedUs()),
              new Column<>("elapsed_us", LongType, s -> s.timing.elapsedUs()),
              phase("lane_wait_us", LaneTiming.Phases::waitUs),
              new Column<>("frames", LongType, s -> s.timing.frames()),
              new Column<>("passes", IntegerType, s -> s.timing.passes()),
              new Column<>("gc_us", LongType, s -> s.timing.machine().gcUs()),
              new Column<>("lane_cpu_us", LongType, s -> s.timing.machine().laneUs()),
              new Column<>("process_cpu_us", LongType, s -> s.timing.machine().processUs()),
              new Column<>("host_busy_us", LongType, s -> s.timing.machine().hostBusyUs()),
              new Column<>("host_steal_us", LongType, s -> s.timing.machine().hostStealUs()),
              new Column<>("host_cpus", IntegerType, s -> s.timing.machine().hostCpus()),
              new Column<>("quota_throttled", DoubleType, s -> s.timing.machine().quotaThrottled()),
              new Column<>("quota_cores", DoubleType, s -> s.timing.machine().quotaCores()),
              new Column<>("clock_jump_us", LongType, s -> s.timing.machine().clockJumpUs()),
              clock("clock_offset_us", ClockOffset::offsetUs),
              clock("clock_bound_us", ClockOffset::boundUs)));

  /** The schema of {@code lanes/}. */
  public static final StructType SCHEMA = COLUMNS.schema();

  private LaneRow() {}

  private static Column<Source> phase(String name, Function<LaneTiming.Phases, Long> micros) {
    return new Column<>(
        name,
        LongType,
        s -> {
          LaneTiming.Phases phases = s.timing.phases();
          return phases == null ? null : micros.apply(phases);
        });
  }

  private static Column<Source> clock(String name, Function<ClockOffset, Long> micros) {
    return new Column<>(name, LongType, s -> s.clock == null ? null : micros.apply(s.clock));
  }

  /**
   * Returns the row of a lane.
   *
   * @param cpu the model name of the executor's processor
   * @param clock the offset of this executor's clock to the driver's; null if unknown
   */
  public static Row of(
      LaneContext lane, String cpu, LaneTiming timing, @Nullable ClockOffset clock) {
    return COLUMNS.row(new Source(lane, cpu, timing, clock));
  }
}
