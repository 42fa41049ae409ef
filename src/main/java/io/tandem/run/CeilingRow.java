package io.tandem.run;

import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.tandem.lane.LaneContext;
import io.tandem.run.Columns.Column;
import io.tandem.timing.CeilingTiming;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Makes the rows of {@code ceilings/}: the throughput of one part of a lane's work when it runs
 * alone.
 */
public final class CeilingRow {
  private record Source(LaneContext lane, CeilingTiming timing) {}

  private static final Columns<Source> COLUMNS =
      Columns.of(
          List.of(
              new Column<>("trial", StringType, s -> s.lane.trial()),
              new Column<>("round", IntegerType, s -> s.lane.round()),
              new Column<>("lane", IntegerType, s -> s.lane.lane()),
              new Column<>("part", StringType, s -> s.timing.part()),
              new Column<>("device", StringType, s -> s.lane.device()),
              new Column<>("executor", StringType, s -> s.lane.executor()),
              new Column<>("host", StringType, s -> s.lane.host()),
              new Column<>("started_us", LongType, s -> s.timing.startedUs()),
              new Column<>("elapsed_us", LongType, s -> s.timing.elapsedUs()),
              new Column<>("frames", LongType, s -> s.timing.frames())));

  /** The schema of {@code ceilings/}. */
  public static final StructType SCHEMA = COLUMNS.schema();

  private CeilingRow() {}

  /** Returns the row of one part of a lane's work. */
  public static Row of(LaneContext lane, CeilingTiming timing) {
    return COLUMNS.row(new Source(lane, timing));
  }
}
