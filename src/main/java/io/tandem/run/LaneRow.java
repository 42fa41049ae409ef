package io.tandem.run;

import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.tandem.lane.LaneContext;
import io.tandem.telemetry.ClockOffset;
import io.tandem.timing.LaneTiming;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** A row of {@code lanes/}: a lane, in a trial and round. */
public final class LaneRow {
  public static final StructType SCHEMA =
      new StructType()
          .add("trial", StringType)
          .add("round", IntegerType)
          .add("lane", IntegerType)
          .add("device", StringType)
          .add("gpu_address", StringType)
          .add("executor", StringType)
          .add("host", StringType)
          .add("cpu", StringType)
          .add("load_us", LongType)
          .add("warmup_us", LongType)
          .add("barrier_us", LongType)
          .add("started_us", LongType)
          .add("elapsed_us", LongType)
          .add("lane_wait_us", LongType)
          .add("frames", LongType)
          .add("passes", IntegerType)
          .add("gc_us", LongType)
          .add("lane_cpu_us", LongType)
          .add("process_cpu_us", LongType)
          .add("host_busy_us", LongType)
          .add("host_steal_us", LongType)
          .add("host_cpus", IntegerType)
          .add("clock_offset_us", LongType)
          .add("clock_bound_us", LongType);

  /** What only our own lanes do, or count. */
  private static final List<String> OURS =
      List.of("load_us", "warmup_us", "barrier_us", "lane_wait_us");

  private LaneRow() {}

  /** A contender's: what is not known of it is null. */
  public static Row ofContender(
      LaneContext lane, String cpu, LaneTiming t, @Nullable ClockOffset clock) {
    Row known = of(lane, cpu, t, clock);
    @Nullable Object[] cells = new Object[known.size()];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = OURS.contains(SCHEMA.fieldNames()[i]) ? null : known.get(i);
    }
    return RowFactory.create(cells);
  }

  /**
   * @param cpu what the executor's processor calls itself
   * @param clock this executor's clock against the driver's, null where it is not known
   */
  public static Row of(LaneContext lane, String cpu, LaneTiming t, @Nullable ClockOffset clock) {
    return RowFactory.create(
        lane.trial(),
        lane.round(),
        lane.lane(),
        lane.device(),
        lane.gpuAddress(),
        lane.executor(),
        lane.host(),
        cpu,
        t.loadUs(),
        t.warmupUs(),
        t.barrierUs(),
        t.startedUs(),
        t.elapsedUs(),
        t.laneWaitUs(),
        t.frames(),
        t.passes(),
        t.gcUs(),
        t.laneCpuUs(),
        t.processCpuUs(),
        t.hostBusyUs(),
        t.hostStealUs(),
        t.hostCpus(),
        clock == null ? null : clock.offsetUs(),
        clock == null ? null : clock.boundUs());
  }
}
