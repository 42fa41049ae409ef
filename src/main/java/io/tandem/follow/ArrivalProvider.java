package io.tandem.follow;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The format by which Spark finds the streams of this JVM: Spark creates it by its class name, and
 * names the stream by the option {@link #ID}.
 */
public final class ArrivalProvider implements TableProvider {
  static final String ID = "stream";

  private static final StructType SCHEMA = new StructType().add("list", DataTypes.LongType, false);

  private static final Map<String, ArrivalStream> STREAMS = new ConcurrentHashMap<>();

  static void add(String id, ArrivalStream stream) {
    STREAMS.put(id, stream);
  }

  static void remove(String id) {
    STREAMS.remove(id);
  }

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    return SCHEMA;
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    return new ArrivalTable();
  }

  private static final class ArrivalTable implements Table, SupportsRead {
    @Override
    public String name() {
      return "arrivals";
    }

    /** Returns the schema, as Spark 3.5 asks for it; Spark 4 derives its columns from it. */
    @Deprecated
    @Override
    public StructType schema() {
      return SCHEMA;
    }

    @Override
    public Set<TableCapability> capabilities() {
      return Set.of(TableCapability.MICRO_BATCH_READ);
    }

    @Override
    public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
      return () -> new ArrivalScan(options.getOrDefault(ID, ""));
    }
  }

  private record ArrivalScan(String id) implements Scan {
    @Override
    public StructType readSchema() {
      return SCHEMA;
    }

    @Override
    public MicroBatchStream toMicroBatchStream(String checkpointLocation) {
      ArrivalStream stream = STREAMS.get(id);
      if (stream == null) {
        throw new IllegalStateException("no stream " + id + " in this JVM");
      }
      return stream;
    }
  }
}
