package io.tandem.run;

import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.tandem.lane.LaneContext;
import io.tandem.timing.CeilingTiming;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** A row of {@code ceilings/}: one part of a lane's work alone, in a trial and round. */
public final class CeilingRow {
  public static final StructType SCHEMA =
      new StructType()
          .add("trial", StringType)
          .add("round", IntegerType)
          .add("lane", IntegerType)
          .add("part", StringType)
          .add("device", StringType)
          .add("executor", StringType)
          .add("host", StringType)
          .add("started_us", LongType)
          .add("elapsed_us", LongType)
          .add("frames", LongType);

  private CeilingRow() {}

  public static Row of(LaneContext lane, CeilingTiming t) {
    return RowFactory.create(
        lane.trial(),
        lane.round(),
        lane.lane(),
        t.part(),
        lane.device(),
        lane.executor(),
        lane.host(),
        t.startedUs(),
        t.elapsedUs(),
        t.frames());
  }
}
